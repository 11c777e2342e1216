// CPU that the offline grader takes for an answer: at most a millisecond. On public sets of graded answers where they lie
// beside the project (or in GRADELANES_DATA), else on the answers of the demo deck.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gradeAnswersConcurrently } from 'gradelanes';
import { offlineProvider } from 'gradelanes/offline';
import { deck } from '../../examples/deck.ts';
import { report } from './wire.mjs';

const MOST_US = 1_000;
const folder = process.env.GRADELANES_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const files = ['scientsbank-train', 'beetle-train', 'saf-train'].filter((name) =>
  existsSync(`${folder}/${name}.jsonl`),
);
const sets = files.length > 0 ? files.map(publicSet) : [['demo deck', deck.answers]];

const rows = [];
for (const [name, answers] of sets) {
  const before = process.cpuUsage();
  const { metrics } = await gradeAnswersConcurrently(answers, { provider: offlineProvider(), localGrading: false });
  const { user, system } = process.cpuUsage(before);
  const cpuUs = Math.round((user + system) / answers.length);
  const ok = cpuUs <= MOST_US && metrics.gradedCount === answers.length;
  rows.push({ name, answers: answers.length, cpuUs, ok });
}
report('CPU per answer of the offline grader in microseconds', rows);

function publicSet(name) {
  const lines = readFileSync(`${folder}/${name}.jsonl`, 'utf8').trim().split('\n');
  const answers = lines.map((line) => {
    const { question, referenceAnswer, referenceAnswers, answer } = JSON.parse(line);
    return {
      question: { prompt: question, referenceAnswers: referenceAnswers?.map(({ text }) => text) ?? [referenceAnswer] },
      answer,
    };
  });
  return [name, answers];
}
