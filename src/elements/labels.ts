/** Words of the elements, for people who are no engineers. `{...}` stands for a value. */
export const ENGLISH: Readonly<Record<LabelName, string>> = {
  /** Of the numbers and the words of the system. */
  locale: 'en',
  region: 'How the answers were graded',
  nothing: 'Nothing graded yet',
  answer: '{n} answer',
  answers: '{n} answers',
  graded: '{answers} graded',
  inTime: ' in {time}',
  notGraded: ', {n} not graded',
  progress: 'Graded {done} of {total}',
  progressOpen: '{answers} graded so far',
  announced: 'Grading, {percent} % done',
  parallel: 'Several at once',
  batch: 'In groups',
  sequential: 'One after another',
  noModel: 'No AI needed',
  afterTrouble: '{mode}, after difficulties',
  trouble: 'Difficulty: {reason}',
  estimate: 'Estimate: one after another, the same requests would take about {time}, {times} times as long.',
  estimateEven: 'Estimate: one after another, the same requests would take about {time}: no time was saved.',
  estimatePart:
    'Estimate: the requests that gave a grade would take about {time} one after another. Failed ones are left out.',
  thisRun: 'this time',
  oneByOne: 'one by one',
  atOnce: 'At the same time|Most requests to the AI that ran at the same time',
  requests: 'Requests|Questions put to the AI; when it is busy, some are put again',
  repeated: '{n} ({again} again)',
  mean: 'Time per request|Average time that the AI took to reply',
  waited: 'Waited|Time in which the AI had asked us to wait',
  local: 'Without AI|Answers that a rule decided, such as multiple choice',
  review: 'For a teacher|Grades that a person should look at',
  tokens: 'Tokens|Pieces of text that the AI read and wrote, which it charges for',
  legend: 'waiting|being graded|failed request',
  waterfall: 'When {answers} waited and were being graded, over {time}; the table below has the numbers',
  more: '{n} more are not drawn',
  showTable: 'Show as a table',
  table: 'Answer|Waited|Being graded|Requests|Result',
  known: 'known already',
  byRule: 'by rule',
  ok: 'graded',
  open: 'not yet graded',
  failed: 'not graded',
  marks: '{given} of {most} points',
  right: 'Right',
  partly: 'Partly right',
  wrong: 'Not right',
  look: 'A teacher will look at this grade.',
  yourAnswer: 'Answer',
  criteria: 'Points for each criterion',
};

/** The words of the elements. */
export type ElementLabels = Readonly<Record<LabelName, string>>;

/** Every word of the elements has a name; in a list, `|` stands between its entries, or between a name and its hint. */
export type LabelName =
  | 'locale'
  | 'region'
  | 'nothing'
  | 'answer'
  | 'answers'
  | 'graded'
  | 'inTime'
  | 'notGraded'
  | 'progress'
  | 'progressOpen'
  | 'announced'
  | 'parallel'
  | 'batch'
  | 'sequential'
  | 'noModel'
  | 'afterTrouble'
  | 'trouble'
  | 'estimate'
  | 'estimateEven'
  | 'estimatePart'
  | 'thisRun'
  | 'oneByOne'
  | 'atOnce'
  | 'requests'
  | 'repeated'
  | 'mean'
  | 'waited'
  | 'local'
  | 'review'
  | 'tokens'
  | 'legend'
  | 'waterfall'
  | 'more'
  | 'showTable'
  | 'table'
  | 'known'
  | 'byRule'
  | 'ok'
  | 'open'
  | 'failed'
  | 'marks'
  | 'right'
  | 'partly'
  | 'wrong'
  | 'look'
  | 'yourAnswer'
  | 'criteria';

/** Puts values into a label. */
export function fill(label: string, values: Readonly<Record<string, string | number>>): string {
  return label.replace(/\{(\w+)\}/g, (whole, name: string) =>
    String(Object.hasOwn(values, name) ? values[name] : whole),
  );
}

/** `1 answer`, `2 answers`. */
export function answersIn(labels: ElementLabels, n: number): string {
  return fill(n === 1 ? labels.answer : labels.answers, { n });
}

/** Milliseconds for people: `340 ms`, `1.2 s`, `2 min 5 s`. */
export function durationIn({ locale }: ElementLabels, milliseconds: number): string {
  const rounded = Math.round(milliseconds);
  if (rounded < 1_000) return `${rounded} ms`;
  if (rounded < 59_950) return `${numberIn(locale, rounded / 1_000, 1)} s`;
  const seconds = Math.round(rounded / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A number as it is written in a language. */
export function numberIn(locale: string, value: number, digits: number, least: number = digits): string {
  return value.toLocaleString(locale, { maximumFractionDigits: digits, minimumFractionDigits: least });
}
