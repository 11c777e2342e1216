// How often the 95 % intervals of `evaluateGrader` hold the true figure, where answers to a question stand and fall together
// (intraclass correlation 0.2): by question as by default, and by answer for comparison. The truth is that of very many
// questions. Fails where the default leaves the bounds with twenty questions or more;
// with ten, below which evaluateGrader warns, correlations miss them.
import { evaluateGrader } from 'gradelanes/evaluate';
import { seededRandom } from 'gradelanes/testing';

const RUNS = Number(process.argv[2] ?? 1_000);
const [LEAST, MOST] = [0.92, 0.97];
const FIGURES = ['accuracy', 'cohenKappa', 'macroF1', 'quadraticWeightedKappa', 'pearson', 'meanAbsoluteError'];
const ANSWERS = 10;

const random = seededRandom(19);
/** Beta(3.2, 0.8) has mean 0.8, and answers that agree with that chance are correlated by 1 / (3.2 + 0.8 + 1) = 0.2. */
const chance = () => {
  const [first, second] = [gamma(3.2), gamma(0.8)];
  return first / (first + second);
};
const provider = {
  capabilities: { local: true },
  grade: async (items) => items.map(({ id, answer }) => ({ id, score: Number(answer.split(' ')[0]) })),
};

const truth = await figuresOf(4_000, { samples: 1 });
const rows = {};
for (const questions of [10, 20, 40, 100]) {
  rows[`${questions} questions`] = await coverage(questions, 'question');
  if (questions === 40) rows['40, by answer'] = await coverage(questions, 'answer');
}
console.log(`${RUNS} runs, ${ANSWERS} answers a question: share of 95 % intervals that hold the truth`);
console.table(rows);
const outside = Object.entries(rows)
  .filter(([name]) => name.endsWith('questions') && !name.startsWith('10 '))
  .flatMap(([name, row]) =>
    Object.entries(row)
      .filter(([, share]) => share < LEAST || share > MOST)
      .map(([figure]) => `${name}: ${figure}`),
  );
if (outside.length > 0) {
  console.log(`Outside ${LEAST} to ${MOST}: ${outside.join('; ')}`);
  process.exitCode = 1;
}

async function coverage(questions, by) {
  const held = Object.fromEntries(FIGURES.map((name) => [name, 0]));
  for (let run = 0; run < RUNS; run += 1) {
    const agreement = await figuresOf(questions, { samples: 500, by, seed: run });
    for (const name of FIGURES) {
      const { interval } = agreement[name];
      const value = truth[name].value;
      if (interval !== undefined && interval.lower <= value && value <= interval.upper) held[name] += 1;
    }
  }
  return Object.fromEntries(FIGURES.map((name) => [name, Number((held[name] / RUNS).toFixed(3))]));
}

async function figuresOf(questions, bootstrap) {
  const dataset = Array.from({ length: questions }, (_, id) => {
    const agrees = chance();
    const question = { id: `q${id}`, prompt: 'Why?' };
    return Array.from({ length: ANSWERS }, (__, position) => {
      const human = Math.floor(random() * 5) / 4;
      const score = random() < agrees ? human : Math.floor(random() * 5) / 4;
      return { question, answer: `${score} ${id} ${position}`, humanScores: [human] };
    });
  }).flat();
  const { agreement } = await evaluateGrader(provider, dataset, {
    bootstrap,
    grading: { guards: false, localGrading: false },
  });
  return agreement;
}

/** Marsaglia & Tsang (2000); below 1 by a power of a uniform draw. */
function gamma(shape) {
  if (shape < 1) return gamma(shape + 1) * random() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
