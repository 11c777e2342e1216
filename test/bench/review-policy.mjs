// How often the bound of `reviewPolicy` is broken on grades that it has not seen, and how much goes unreviewed, beside the
// lowest confidence that looks good enough on the same marked answers. Questions of training sets are split in two at
// random, so many times over. Graders: the offline one, and one that is drawn over the same people's marks, right in about
// 88 % of answers, with confidence that knows something and answers of a question alike. Broken means either of all grades
// of the set (what is promised), or of the half that was not seen (whose own chance comes on top). Needs GRADELANES_DATA or
// the sets beside the project; `-- N` makes N resamples. Fails where a bound on all grades is broken in more than 5 %.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gradeAnswersWithFallback } from 'gradelanes';
import { reviewPolicy } from 'gradelanes/evaluate';
import { offlineProvider } from 'gradelanes/offline';
import { seededRandom } from 'gradelanes/testing';

const RESAMPLES = Number(process.argv[2] ?? 1_000);
const MOST_BROKEN = 0.05;
const folder = process.env.GRADELANES_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
if (!existsSync(folder)) {
  console.log(`Skipped: no sets in ${folder}; set GRADELANES_DATA to where they are.`);
  process.exit(0);
}

const random = seededRandom(19);
const rows = [];
for (const set of ['scientsbank', 'beetle', 'saf']) {
  const marked = readMarked(set);
  const offline = await gradedOffline(marked);
  for (const limit of [0.05, 0.1, 0.2]) rows.push(resampled(`offline, ${set}`, offline, limit));
  rows.push(resampled(`drawn, ${set}`, drawn(marked), 0.05));
}
const few = drawn(readMarked('scientsbank'));
rows.push(resampled('drawn, 20 answers', few, 0.05, 20));
console.log(`${RESAMPLES} resamples; shares of resamples broken, and of grades unreviewed`);
console.table(rows);
if (rows.some(({ broken }) => broken > MOST_BROKEN)) process.exitCode = 1;

function readMarked(set) {
  const lines = readFileSync(`${folder}/${set}-train.jsonl`, 'utf8').trim().split('\n');
  const questions = new Map();
  return lines.map((line) => {
    const row = JSON.parse(line);
    const references = row.referenceAnswers?.map(({ text }) => text) ?? [row.referenceAnswer];
    const question = questions.get(row.questionId) ?? {
      id: row.questionId,
      prompt: row.question,
      referenceAnswers: references,
    };
    questions.set(row.questionId, question);
    return { question, answer: row.answer, humanScore: row.score };
  });
}

async function gradedOffline(marked) {
  const { results } = await gradeAnswersWithFallback(marked, { provider: offlineProvider(), feedback: false });
  return results.map((result, index) => ({
    result,
    humanScore: marked[index].humanScore,
    question: result.questionId,
  }));
}

/** A normal effect for each question and each answer makes a grade wrong; confidence sees it through noise. */
function drawn(marked) {
  const effects = new Map();
  return marked.map(({ question: { id }, humanScore }, index) => {
    if (!effects.has(id)) effects.set(id, 0.6 * normal());
    const doubt = -1.8 + effects.get(id) + 0.9 * normal();
    const isWrong = normal() < doubt;
    const passes = humanScore >= 0.5 !== isWrong;
    const confidence = Math.round(100 / (1 + Math.exp(1.7 * (doubt + 0.4 * normal())))) / 100;
    const result = { status: 'graded', index, questionId: id, scaledScore: passes ? 1 : 0, isCorrect: passes };
    return { result: { ...result, gradedBy: 'llm', reviewReasons: [], confidence }, humanScore, question: id };
  });
}

function resampled(name, grades, limit, most = Infinity) {
  const questions = [...new Set(grades.map(({ question }) => question))];
  const sums = {
    broken: 0,
    brokenUnseen: 0,
    unreviewed: 0,
    hindsight: 0,
    naiveBroken: 0,
    naiveBrokenUnseen: 0,
    noPolicy: 0,
  };
  for (let resample = 0; resample < RESAMPLES; resample += 1) {
    const seen = new Set(shuffled(questions).slice(0, Math.ceil(questions.length / 2)));
    const marked = grades.filter(({ question }) => seen.has(question));
    const unseen = grades.filter(({ question }) => !seen.has(question));
    const pilot = marked.length > most ? shuffled(marked).slice(0, most) : marked;
    const policy = reviewPolicy(pilot, { maxDisagreement: limit });
    const trust = (grade) => trustBy(policy.signal, grade);
    const isAccepted = (grade) => trust(grade) >= (policy.acceptFrom ?? Infinity);
    sums.noPolicy += Number(policy.acceptFrom === undefined);
    sums.broken += Number(disagreement(grades.filter(isAccepted)) > limit);
    sums.brokenUnseen += Number(disagreement(unseen.filter(isAccepted)) > limit);
    sums.unreviewed += unseen.filter(isAccepted).length / unseen.length;
    const bySignal = ['confidence', 'margin'].map((signal) => widest(unseen, signal, limit).count / unseen.length);
    sums.hindsight += Math.max(...bySignal);
    const naive = widest(pilot, 'confidence', limit).from;
    const isNaive = (grade) => trustBy('confidence', grade) >= naive;
    sums.naiveBroken += Number(disagreement(grades.filter(isNaive)) > limit);
    sums.naiveBrokenUnseen += Number(disagreement(unseen.filter(isNaive)) > limit);
  }
  const means = Object.fromEntries(
    Object.entries(sums).map(([key, sum]) => [key, Number((sum / RESAMPLES).toFixed(3))]),
  );
  return { name, limit, ...means, 'of hindsight': Number((sums.unreviewed / sums.hindsight).toFixed(2)) };
}

function widest(grades, signal, limit) {
  const sorted = grades.toSorted((left, right) => trustBy(signal, right) - trustBy(signal, left));
  let [wrong, found] = [0, { count: 0, from: Infinity }];
  for (const [index, grade] of sorted.entries()) {
    wrong += Number(disagrees(grade));
    const from = trustBy(signal, grade);
    const isEnd = index + 1 === sorted.length || trustBy(signal, sorted[index + 1]) !== from;
    if (isEnd && wrong / (index + 1) <= limit) found = { count: index + 1, from };
  }
  return found;
}

function trustBy(signal, { result }) {
  if (result.reviewReasons.length > 0) return -1;
  if (signal === 'confidence') return result.confidence ?? 0;
  return result.isCorrect ? result.scaledScore : 1 - result.scaledScore;
}

function disagrees({ result, humanScore }) {
  return result.isCorrect !== humanScore >= 0.5;
}

function disagreement(grades) {
  return grades.length === 0 ? 0 : grades.filter(disagrees).length / grades.length;
}

function shuffled(items) {
  return items
    .map((item) => [random(), item])
    .toSorted(([left], [right]) => left - right)
    .map(([, item]) => item);
}

function normal() {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
