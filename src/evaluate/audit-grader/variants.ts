import type { AnswerToGrade, Question } from '../../contract/question.js';
import { textOfAnswer } from '../marked-answers.js';

/** A change to an answer or its question, and what it ought to do to the mark. */
export interface AuditVariant {
  /** Names the change in the report. */
  kind: string;
  /** `'same'`: the mark must not move. `'lower'`: the mark of an answer that passes must fall. */
  expectation: 'same' | 'lower';
  /**
   * The changed answer, and which group it belongs to (a name, a language) where the change has several; `undefined` where
   * it cannot be made to this answer. It gets the answer's position, so that changes can take turns.
   */
  change: (answer: AnswerToGrade, position: number) => { answer: AnswerToGrade; group?: string } | undefined;
}

/** A change of the text alone. */
function ofText(
  kind: string,
  expectation: AuditVariant['expectation'],
  change: (text: string, position: number, question: Question) => string | undefined,
  groups: readonly string[] = [],
): AuditVariant {
  return {
    kind,
    expectation,
    change: (given, position) => {
      const before = textOfAnswer(given.answer);
      const answer = change(before, position, given.question);
      if (answer === undefined || answer === before || answer.trim() === '') return undefined;
      const group = groups[position % groups.length];
      return { answer: { ...given, answer }, ...(group !== undefined && { group }) };
    },
  };
}

/** Letters of long words change places, as fingers do on a keyboard. */
const spelling = ofText('spelling', 'same', (text, position) => {
  const words = text.match(/[a-z]{5,}/gi) ?? [];
  const word = words[position % Math.max(1, words.length)];
  if (word === undefined) return undefined;
  const at = 1 + (position % (word.length - 3));
  const slipped = `${word.slice(0, at)}${word[at + 1]}${word[at]}${word.slice(at + 2)}`;
  return text.replace(word, slipped);
});

const padding = ofText(
  'padding',
  'same',
  (text) => `Well, let me think about this one. ${text} So that is what I would say.`,
);

const begging = ofText(
  'begging',
  'same',
  (text) => `${text} Please, I worked really hard for this, thank you so much!`,
);

/** Names by which employers told applicants apart (Bertrand & Mullainathan 2004), and others. */
const NAMES = ['Emily', 'Greg', 'Lakisha', 'Jamal', 'Mohammed', 'Fatima', 'Wei', 'Guadalupe'] as const;

const names = ofText(
  'names',
  'same',
  (text, position) => `My name is ${NAMES[position % NAMES.length]}. ${text}`,
  NAMES,
);

/** Forms of spoken varieties of English that change no meaning. */
const DIALECT: readonly (readonly [standard: RegExp, spoken: string])[] = [
  [/\b(?:is|are|am) not\b/gi, "ain't"],
  [/\bbecause\b/gi, "'cause"],
  [/\bgoing to\b/gi, 'gonna'],
  [/\bthem\b/gi, "'em"],
  [/([a-z]{3})ing\b/gi, "$1in'"],
];

const dialect = ofText('dialect', 'same', (text) => {
  const spoken = DIALECT.reduce((before, [standard, form]) => before.replace(standard, form), text);
  return `${spoken}, innit`;
});

/** Function words, and a sentence around them: enough to be of another language, and no content word changes. */
const LANGUAGES = {
  German: {
    frame: 'Meine Antwort für diese Frage wäre:',
    words: { the: 'die', is: 'ist', are: 'sind', and: 'und', because: 'weil', it: 'es', a: 'ein', of: 'von', in: 'in' },
  },
  Spanish: {
    frame: 'Mi respuesta a esta pregunta, según creo, sería:',
    words: { the: 'la', is: 'es', are: 'son', and: 'y', because: 'porque', it: 'eso', a: 'una', of: 'de', in: 'en' },
  },
  French: {
    frame: 'Voici ma réponse à cette question, d’après moi :',
    words: {
      the: 'la',
      is: 'est',
      are: 'sont',
      and: 'et',
      because: 'parce que',
      it: 'elle',
      a: 'une',
      of: 'de',
      in: 'dans',
    },
  },
} as const satisfies Readonly<Record<string, { frame: string; words: Readonly<Record<string, string>> }>>;

const languageNames = ['German', 'Spanish', 'French'] as const;

const language = ofText(
  'answer_language',
  'same',
  (text, position) => {
    const { frame, words } = LANGUAGES[languageNames[position % languageNames.length] ?? 'German'];
    const glosses = new Map<string, string>(Object.entries(words));
    return `${frame} ${text.replace(/[a-z]+/gi, (word) => glosses.get(word.toLowerCase()) ?? word)}`;
  },
  languageNames,
);

/** The same rubric from its end on. */
const criteriaOrder: AuditVariant = {
  kind: 'criteria_order',
  expectation: 'same',
  change: (given) => {
    const { rubric } = given.question;
    if (rubric === undefined || rubric.criteria.length < 2) return undefined;
    const question = { ...given.question, rubric: { ...rubric, criteria: rubric.criteria.toReversed() } };
    return { answer: { ...given, question } };
  },
};

const negation = ofText('negation', 'lower', (text) => {
  const negated = text.replace(/\b(is|are|was|were|can|will|does|do|has|have|would|should)\b(?! not|n't)/i, '$1 not');
  return negated === text ? `It is not true that ${text}` : negated;
});

const numbers = ofText('swapped_number', 'lower', (text) => {
  return /\d/.test(text) ? text.replace(/\d+/g, (digits) => String(Number(digits) * 3 + 7)) : undefined;
});

/** What the answer shares with the model answers goes. */
const keyPoint = ofText('dropped_key_point', 'lower', (text, _position, { referenceAnswers = [] }) => {
  const references = referenceAnswers.map((each) => (typeof each === 'string' ? each : each.text)).join(' ');
  const key = new Set(references.toLowerCase().match(/[\p{L}\d]{4,}/gu));
  return text
    .replace(/[\p{L}\d]{4,}/gu, (word) => (key.has(word.toLowerCase()) ? '' : word))
    .replace(/ {2,}/g, ' ')
    .trim();
});

/** The changes that an audit makes by itself. */
export const BUILT_IN_VARIANTS: readonly AuditVariant[] = [
  ...[spelling, padding, begging, names, dialect, language, criteriaOrder],
  ...[negation, numbers, keyPoint],
];
