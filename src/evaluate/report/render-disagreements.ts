import type { GraderEvaluation } from '../compare-with-people.js';
import type { Disagreement, MarkedAnswer } from '../marked-answers.js';
import { drawDisagreement } from './draw-disagreement.js';
import { markup, type Markup } from './markup.js';

/** Longer texts are cut: the file has all of them. */
const MOST_CHARACTERS = 420;

/** The answers on which grader and person are furthest apart, to be read one by one. */
export function renderDisagreements({ worst, results }: GraderEvaluation, dataset: readonly MarkedAnswer[]): Markup {
  const cards = worst.map((each) => {
    const result = results[each.index];
    return card(each, dataset[each.index], result?.status === 'graded' ? result.rationale : undefined);
  });
  return markup`<section aria-labelledby="worst-heading">
    <h2 id="worst-heading">Furthest apart</h2>
    <p class="note">Read these first: now and then it is the person who slipped, or the reference that says too little.</p>
    ${cards.length === 0 ? markup`<p class="card">No grade differs from the person’s mark.</p>` : markup`<ol class="worst">${cards}</ol>`}
  </section>`;
}

function card(disagreement: Disagreement, marked: MarkedAnswer | undefined, rationale: string | undefined): Markup {
  const { confidence, needsReview, answerId, index } = disagreement;
  const [reference] = marked?.question.referenceAnswers ?? [];
  const parts: readonly (readonly [string, string | undefined])[] = [
    ['Asked', marked?.question.prompt],
    ['Reference', typeof reference === 'string' ? reference : reference?.text],
    ['Answer', textOf(marked?.answer)],
    ['Grader', rationale],
  ];
  return markup`<li class="card">
    <div class="side">
      ${drawDisagreement(disagreement)}
      <p class="note">${needsReview ? markup`<b class="flag">sent to review</b> ` : undefined}${confidence === undefined ? 'no confidence' : `${Math.round(confidence * 100)} % sure`} · <bdi>${answerId ?? `line ${index + 1}`}</bdi></p>
    </div>
    <dl>${parts.map(([term, text]) => (text !== undefined && text !== '' ? markup`<dt>${term}</dt><dd class="${term.toLowerCase()}"><bdi>${shortened(text)}</bdi></dd>` : undefined))}</dl>
  </li>`;
}

function textOf(answer: MarkedAnswer['answer'] | undefined): string {
  if (answer === undefined) return '';
  return typeof answer === 'string' ? answer : answer.join('\n');
}

function shortened(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)} …`;
}
