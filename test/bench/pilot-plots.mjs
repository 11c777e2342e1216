// Draws the plots of docs/from-pilot-to-exam.md with the library's own report: figures of a training set, none of its texts.
// Needs GRADELANES_DATA or the sets beside the project.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { evaluateGrader, toHtml } from 'gradelanes/evaluate';
import { offlineProvider } from 'gradelanes/offline';

const folder = process.env.GRADELANES_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const questions = new Map();
const answers = readFileSync(`${folder}/scientsbank-train.jsonl`, 'utf8')
  .trim()
  .split('\n')
  .map((line) => {
    const row = JSON.parse(line);
    const question = { id: row.questionId, prompt: row.question, referenceAnswers: [row.referenceAnswer] };
    const known = questions.get(row.questionId) ?? question;
    questions.set(row.questionId, known);
    return { question: known, answer: row.answer, humanScores: [row.score] };
  });
const page = toHtml(await evaluateGrader(offlineProvider(), answers, { worstCount: 0, bootstrap: { samples: 10 } }));
const [style = ''] = /<style>[^]*?<\/style>/.exec(page) ?? [];
const [plot = ''] = /<svg class="chart reliability"[^]*?<\/svg>/.exec(page) ?? [];
const [opening] = plot.split('>', 1);
mkdirSync('docs/plots', { recursive: true });
writeFileSync(
  'docs/plots/reliability.svg',
  `${opening.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"')}>${style}${plot.slice(opening.length + 1)}\n`,
);
console.log('docs/plots/reliability.svg');
