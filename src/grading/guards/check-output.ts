import type { Question } from '../../core/question.js';
import { textProfile, type TextProfile } from '../offline/text-profile.js';
import { tokenise, wordsOf, type Token } from '../offline/tokenise.js';
import { plainFeedback } from './plain-feedback.js';

/** What feedback is checked against. */
export interface FeedbackContext {
  question: Question;
  /** The learner's own words may come back. */
  answer: string;
  /** The learner may see the reference answers and criteria. The teacher's notes stay secret all the same. */
  revealReference: boolean;
}

/** Feedback as the learner may read it, and what was wrong with it: `feedback_markup`, `reference_leak`. */
export interface CheckedFeedback {
  feedback?: string;
  flags: readonly string[];
}

/** A text that the learner must not read in the feedback. */
interface Secret {
  text: string;
  /** It gives itself away in full even where it is short. */
  isAnswer: boolean;
}

/** So many words in a row are no coincidence. */
const QUOTED_WORDS = 6;
/** A shorter text says the same in feedback about anything: a, 5, yes. */
const TELLING_CHARACTERS = 4;
const TRUTH_VALUE = /^(?:true|false)$/;

/**
 * Makes a model's feedback fit for the learner: plain text, and dropped whole if it quotes six words in a row, or all of
 * a shorter reference answer, that the learner must not see and that stand neither in the answer nor in the question. A
 * word counts as quoted in any of its forms.
 */
export function checkFeedback(feedback: string | undefined, context: FeedbackContext): CheckedFeedback {
  if (feedback === undefined) return { flags: [] };
  const { text, hadMarkup } = plainFeedback(feedback);
  const flags = hadMarkup ? ['feedback_markup'] : [];
  if (text === '') return { flags };
  return isLeaking(text, context) ? { flags: [...flags, 'reference_leak'] } : { feedback: text, flags };
}

function isLeaking(feedback: string, { question, answer, revealReference }: FeedbackContext): boolean {
  const secrets = secretsOf(question, revealReference);
  const profile = textProfile(question, [...secrets.map(({ text }) => text), question.prompt]);
  const said = tokensOf(feedback, profile);
  const known = [answer, ...learnersMaterial(question)].map((text) => tokensOf(text, profile));
  return secrets.some((secret) => {
    const tokens = tokensOf(secret.text, profile);
    const length = Math.min(QUOTED_WORDS, tokens.length);
    if (length < QUOTED_WORDS && !(secret.isAnswer && isTelling(tokens))) return false;
    const hidden = runsOf(tokens, length);
    for (const run of known.flatMap((other) => [...runsOf(other, length)])) hidden.delete(run);
    return [...runsOf(said, length)].some((run) => hidden.has(run));
  });
}

function secretsOf(question: Question, revealReference: boolean): readonly Secret[] {
  const { referenceAnswers = [], rubric, graderInfo } = question;
  const notes = graderInfo === undefined ? [] : [{ text: graderInfo, isAnswer: false }];
  if (revealReference) return notes;
  const references = referenceAnswers.map((each) => (typeof each === 'string' ? { text: each } : each));
  const criteria = rubric?.criteria ?? [];
  return [
    ...notes,
    ...references.filter(({ fraction = 1 }) => fraction > 0).map(({ text }) => ({ text, isAnswer: true })),
    ...criteria.map(({ description }) => ({ text: description, isAnswer: false })),
  ];
}

/** What the learner has read, and what the teacher wants learners to be told. */
function learnersMaterial(question: Question): readonly string[] {
  return [
    question.prompt,
    ...('choices' in question ? question.choices : []),
    ...(question.misconceptions ?? []).flatMap(({ feedback }) => feedback ?? []),
  ];
}

function tokensOf(text: string, profile: TextProfile): readonly Token[] {
  return tokenise(wordsOf(text, profile), profile);
}

function isTelling(tokens: readonly Token[]): boolean {
  const content = tokens
    .filter(({ isContent }) => isContent)
    .map(({ text }) => text)
    .join('');
  return content.length >= TELLING_CHARACTERS && !TRUTH_VALUE.test(content);
}

/** Every run of so many words. */
function runsOf(tokens: readonly Token[], length: number): Set<string> {
  const starts = tokens.slice(0, Math.max(0, tokens.length - length + 1));
  return new Set(
    starts.map((_, start) =>
      tokens
        .slice(start, start + length)
        .map(({ key }) => key)
        .join(' '),
    ),
  );
}
