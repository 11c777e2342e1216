/** A learner's answer as found in a prompt. */
export interface FramedAnswer {
  key: string;
  text: string;
  /** One per criterion of its question, in order; `true` for one that names a fault. */
  criteria: readonly boolean[];
}

const FRAME = /<answer\b([^>]{0,400})>\s*("(?:[^"\\]|\\.)*")\s*<\/answer>/g;
const KEY = /\bkey="([^"]*)"/;
const QUESTION_NUMBER = /\bquestion="(\d+)"/;
const QUESTION = /^Question(?: (\d+))?: /;
const CRITERION = /^Criterion \d+: /;
const FAULT = /\(a fault that costs [^"]*\)$/;

/**
 * The answers of this package's grading prompt: frames of the form `<answer key="K">"JSON string"</answer>`. The
 * criteria are the `Criterion n:` lines below the `Question n:` line that the frame's `question="n"` names, or below
 * the only one. A question without such lines has one criterion.
 */
export function readFramedAnswers(system: string, prompt: string): readonly FramedAnswer[] {
  const criteria = criteriaByQuestion(system);
  return [...prompt.matchAll(FRAME)].map(([, attributes = '', text = '']) => ({
    key: KEY.exec(attributes)?.[1] ?? '',
    text: decode(text),
    criteria: criteria.get(QUESTION_NUMBER.exec(attributes)?.[1] ?? '') ?? [false],
  }));
}

function criteriaByQuestion(system: string): Map<string, readonly boolean[]> {
  const found = new Map<string, boolean[]>();
  let current: boolean[] = [];
  for (const line of system.split('\n')) {
    const question = QUESTION.exec(line);
    if (question !== null) found.set(question[1] ?? '', (current = []));
    if (CRITERION.test(line)) current.push(FAULT.test(line));
  }
  return new Map([...found].map(([number, each]) => [number, each.length === 0 ? [false] : each]));
}

function decode(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
