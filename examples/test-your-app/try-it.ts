// One review by hand, on a day of your choice: REVIEW_FAULTS='bad-day;seed=2' node examples/test-your-app/try-it.ts
import { offlineProvider } from 'gradelanes/offline';
import { faultPlanFromEnvironment, faultyProvider } from 'gradelanes/testing';
import { cards } from './cards.ts';
import { createReviewApp } from './review-app.ts';

const provider = faultyProvider(offlineProvider(), faultPlanFromEnvironment(process.env['REVIEW_FAULTS']));
const review = createReviewApp({ cards, save: () => {}, grading: { provider } });

const answers = ['because ice is less dense than water', '9', 'In lakes: fish survive the winter below the ice.'];
const body = JSON.stringify({ answers });
const response = await review(new Request('http://localhost/cards/ice/review', { method: 'POST', body }));
console.log(response.status, await response.json());
for (const step of provider.injected) console.log('call:', step);
