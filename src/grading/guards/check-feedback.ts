import type { Question } from '../../contract/question.js';
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
  /** The teacher's marking instructions, which no learner may read. */
  instructions?: string | undefined;
}

/** Feedback as the learner may read it, and what was wrong with it: `feedback_markup`, `reference_leak`, `prompt_leak`. */
export interface CheckedFeedback {
  feedback?: string;
  flags: readonly string[];
}

/** A text that the learner must not read in the feedback. */
interface Secret {
  text: string;
  flag: 'prompt_leak' | 'reference_leak';
  /** Even where it is short, to read all of it gives it away. */
  isAnswer?: boolean;
}

/** How a secret would show: as one of these runs of so many words. */
interface Telltale {
  readonly flag: Secret['flag'];
  readonly length: number;
  readonly runs: ReadonlySet<string>;
  /** What the runs are made of. */
  readonly keys: ReadonlySet<string>;
}

/** What is looked for in the feedback to all answers to a question. */
interface Watch extends Pick<FeedbackContext, 'revealReference' | 'instructions'> {
  readonly profile: TextProfile;
  readonly telltales: readonly Telltale[];
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
  const leaks = leaksIn(text, context);
  return leaks.length > 0 ? { flags: [...flags, ...leaks] } : { feedback: text, flags };
}

function leaksIn(feedback: string, context: FeedbackContext): readonly string[] {
  const { question, answer } = context;
  const { profile, telltales } = watchFor(context);
  if (telltales.length === 0) return [];
  const said = tokensOf(feedback, profile);
  const known = [answer, ...learnersMaterial(question)];
  const shown = telltales.filter((telltale) => isQuoted(telltale, said, known, profile));
  return [...new Set(shown.map(({ flag }) => flag))];
}

function isQuoted(
  { length, runs, keys }: Telltale,
  said: readonly Token[],
  known: readonly string[],
  profile: TextProfile,
): boolean {
  // Most feedback has too few of the words, or quotes nothing, whatever the learner knows.
  if (said.filter(({ key }) => keys.has(key)).length < length) return false;
  const quoted = [...runsOf(said, length)].filter((run) => runs.has(run));
  if (quoted.length === 0) return false;
  const learners = known.map((other) => runsOf(tokensOf(other, profile), length));
  return quoted.some((run) => !learners.some((learner) => learner.has(run)));
}

/** A run has a copy of its own of every question, so that none of these is ever out of date. */
const watches = new WeakMap<Question, Watch>();

function watchFor(context: FeedbackContext): Watch {
  const { question, revealReference, instructions } = context;
  const known = watches.get(question);
  if (known?.revealReference === revealReference && known.instructions === instructions) return known;
  const secrets = secretsIn(context);
  const profile = textProfile(question, [question.prompt, ...secrets.map(({ text }) => text)]);
  const telltales = secrets.flatMap((secret) => telltaleOf(secret, profile) ?? []);
  const watch: Watch = { revealReference, instructions, profile, telltales };
  watches.set(question, watch);
  return watch;
}

/** `undefined` for a text so short that feedback may well say the same. */
function telltaleOf({ text, flag, isAnswer = false }: Secret, profile: TextProfile): Telltale | undefined {
  const tokens = tokensOf(text, profile);
  const length = Math.min(QUOTED_WORDS, tokens.length);
  if (length < QUOTED_WORDS && !(isAnswer && isTelling(tokens))) return undefined;
  return { flag, length, runs: runsOf(tokens, length), keys: new Set(tokens.map(({ key }) => key)) };
}

function secretsIn({ question, revealReference, instructions = '' }: FeedbackContext): readonly Secret[] {
  const { referenceAnswers = [], rubric, graderInfo = '' } = question;
  const prompt = [instructions, graderInfo].map((text) => ({ text, flag: 'prompt_leak' as const }));
  if (revealReference) return prompt;
  const references = referenceAnswers.map((each) => (typeof each === 'string' ? { text: each } : each));
  const worthMarks = references.filter(({ fraction = 1 }) => fraction > 0);
  return [
    ...prompt,
    ...worthMarks.map(({ text }) => ({ text, flag: 'reference_leak' as const, isAnswer: true })),
    ...(rubric?.criteria ?? []).map(({ description }) => ({ text: description, flag: 'reference_leak' as const })),
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
