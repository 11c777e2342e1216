import type {
  AnswerToGrade,
  ClozeBlank,
  ClozeQuestion,
  CriterionLevel,
  FreeTextQuestion,
  GradedExample,
  MatchingQuestion,
  Misconception,
  MultipleChoiceQuestion,
  MultipleSelectQuestion,
  NumericKey,
  NumericQuestion,
  OrderingQuestion,
  QuestionBase,
  QuestionKind,
  ReferenceAnswer,
  Rubric,
  RubricCriterion,
  TrueFalseQuestion,
} from '../contract/question.js';

/** A word of everyday speech or of another system for a field, where the value may be meant for it. */
interface Synonym {
  /** The field here, as people write it: `rubric.criteria` for what belongs one object deeper. */
  readonly field: string;
  readonly isMeant: (value: unknown) => boolean;
}

/** The fields of one object of a question or an answer: what it calls them, and what others do. */
export interface FieldNames {
  /** Names the object in messages, with its article. */
  readonly what: string;
  readonly names: readonly string[];
  /** By the other name's normal form. */
  readonly synonyms: Readonly<Record<string, Synonym>>;
  /** The objects, or lists of objects, that it holds. */
  readonly parts: Readonly<Record<string, FieldNames>>;
}

/** A record over every name, so that the compiler asks for a new one. */
type EveryField<T> = { readonly [Name in keyof Required<T>]: true };

const isNumber = (value: unknown): boolean => typeof value === 'number' || typeof value === 'bigint';
const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isName = (value: unknown): boolean => isText(value) || isNumber(value);
const isTextOrTexts = (value: unknown): boolean =>
  isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText));
const isTexts = (value: unknown): boolean => Array.isArray(value) && isTextOrTexts(value);
const isObjects = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'object');
const isKey = (value: unknown): boolean => isName(value) || (Array.isArray(value) && value.every(isName));

function namesOf<T>(all: EveryField<T>): readonly string[] {
  return Object.keys(all);
}

/** The same field under several other names. */
function synonyms(field: string, isMeant: Synonym['isMeant'], ...others: readonly string[]): Record<string, Synonym> {
  return Object.fromEntries(others.map((other) => [other, { field, isMeant }]));
}

function fields<T>(
  what: string,
  names: EveryField<T>,
  others: FieldNames['synonyms'] = {},
  parts: FieldNames['parts'] = {},
): FieldNames {
  return { what, names: namesOf(names), synonyms: others, parts };
}

const referenceAnswer = fields<ReferenceAnswer>(
  'a reference answer',
  { text: true, fraction: true },
  { ...synonyms('text', isText, 'answer', 'value'), ...synonyms('fraction', isNumber, 'weight', 'score', 'share') },
);

const level = fields<CriterionLevel>(
  'a level',
  { points: true, description: true },
  {
    ...synonyms('points', isNumber, 'score', 'marks', 'value', 'weight'),
    ...synonyms('description', isText, 'text', 'label', 'name', 'title'),
  },
);

const criterion = fields<RubricCriterion>(
  'a criterion',
  { id: true, description: true, points: true, levels: true, keyPoints: true, keyPointsNeeded: true },
  {
    ...synonyms('points', isNumber, 'weight', 'score', 'max', 'maximum', 'maxscore', 'maxpoints', 'marks', 'value'),
    ...synonyms('description', isText, 'name', 'title', 'text', 'label'),
    ...synonyms('levels', isObjects, 'ratings', 'scale'),
  },
  { levels: level },
);

const rubric = fields<Rubric>('a rubric', { criteria: true }, {}, { criteria: criterion });

const example = fields<GradedExample>(
  'an example',
  { answer: true, score: true, criteria: true, comment: true },
  {
    ...synonyms('answer', isText, 'text', 'response'),
    ...synonyms('score', isNumber, 'points', 'marks', 'grade'),
    ...synonyms('comment', isText, 'feedback', 'reason', 'rationale'),
  },
);

const misconception = fields<Misconception>(
  'a misconception',
  { id: true, description: true, feedback: true },
  { ...synonyms('description', isText, 'text', 'name'), ...synonyms('feedback', isText, 'comment', 'hint') },
);

const numericKey = fields<NumericKey>(
  'a numeric key',
  { value: true, tolerance: true, toleranceMode: true, unit: true },
  { ...synonyms('value', isName, 'answer', 'number', 'correct'), ...synonyms('tolerance', isNumber, 'tol', 'error') },
);

const blank = fields<ClozeBlank>(
  'a blank',
  { accept: true, points: true },
  {
    ...synonyms('accept', isTextOrTexts, 'answer', 'answers', 'accepted', 'accepts'),
    ...synonyms('points', isNumber, 'weight', 'score', 'marks'),
  },
);

const BASE: EveryField<QuestionBase> = {
  id: true,
  prompt: true,
  referenceAnswers: true,
  rubric: true,
  scoreMaximum: true,
  passingScaledScore: true,
  examples: true,
  misconceptions: true,
  graderInfo: true,
  context: true,
  difficulty: true,
  caseSensitive: true,
  language: true,
  localGrading: true,
};

const BASE_SYNONYMS: FieldNames['synonyms'] = {
  ...synonyms('prompt', isText, 'question', 'questiontext', 'text', 'title', 'stem', 'front'),
  ...synonyms('scoreMaximum', isNumber, 'points', 'maxpoints', 'marks', 'maxmarks', 'totalpoints', 'maximum', 'weight'),
  ...synonyms('passingScaledScore', isNumber, 'passingscore', 'passmark', 'passingfraction', 'passthreshold'),
  ...synonyms('rubric.criteria', isObjects, 'criteria', 'criterion', 'rubriccriteria'),
  ...synonyms('graderInfo', isText, 'gradernotes', 'gradinginstructions', 'gradinginfo', 'markinginstructions'),
  ...synonyms(
    'referenceAnswers',
    isTextOrTexts,
    ...['answer', 'answers', 'correctanswer', 'correctanswers', 'expectedanswer', 'expectedanswers', 'modelanswer'],
    ...['modelanswers', 'sampleanswer', 'sampleanswers', 'idealanswer', 'solution', 'reference', 'references', 'back'],
  ),
};

const CHOICE_SYNONYMS: FieldNames['synonyms'] = {
  ...synonyms('choices', isTexts, 'options', 'alternatives'),
  ...synonyms(
    'correctChoices',
    isKey,
    ...['answer', 'answers', 'correct', 'correctanswer', 'correctanswers', 'correctoption', 'correctoptions'],
    ...['correctindex', 'correctindices', 'answerindex', 'key'],
  ),
};

const PARTS: FieldNames['parts'] = {
  referenceAnswers: referenceAnswer,
  rubric,
  examples: example,
  misconceptions: misconception,
};

/** Fields of one kind beside those of all. */
function kind<T extends QuestionBase>(
  own: EveryField<Omit<T, keyof QuestionBase>>,
  others: FieldNames['synonyms'] = {},
  parts: FieldNames['parts'] = {},
): FieldNames {
  return {
    what: 'a question',
    names: [...namesOf(BASE), ...namesOf(own)],
    synonyms: { ...BASE_SYNONYMS, ...others },
    parts: { ...PARTS, ...parts },
  };
}

const freeText = kind<FreeTextQuestion>({ kind: true });

/** What each kind of question calls its fields. */
export const questionFields: { readonly [Kind in QuestionKind]: FieldNames } = {
  short_answer: freeText,
  problem_solving: freeText,
  essay: freeText,
  code: freeText,
  multiple_choice: kind<MultipleChoiceQuestion>({ kind: true, choices: true, correctChoices: true }, CHOICE_SYNONYMS),
  multiple_select: kind<MultipleSelectQuestion>(
    { kind: true, choices: true, correctChoices: true, scoring: true },
    CHOICE_SYNONYMS,
  ),
  true_false: kind<TrueFalseQuestion>(
    { kind: true, correctAnswer: true },
    synonyms('correctAnswer', (value) => typeof value === 'boolean', 'answer', 'correct', 'istrue', 'solution'),
  ),
  numeric: kind<NumericQuestion>(
    { kind: true, numeric: true },
    {
      ...synonyms('numeric.value', isName, 'value', 'answer', 'correctanswer', 'correctvalue', 'solution'),
      ...synonyms('numeric.tolerance', isNumber, 'tolerance'),
      ...synonyms('numeric.toleranceMode', isText, 'tolerancemode'),
      ...synonyms('numeric.unit', isText, 'unit', 'units'),
    },
    { numeric: numericKey },
  ),
  ordering: kind<OrderingQuestion>(
    { kind: true, choices: true, correctOrder: true, scoring: true },
    {
      ...synonyms('choices', isTexts, 'options', 'items', 'steps'),
      ...synonyms('correctOrder', isKey, 'order', 'answer', 'correctanswer', 'sequence'),
    },
  ),
  matching: kind<MatchingQuestion>({ kind: true, pairs: true, scoring: true }),
  cloze: kind<ClozeQuestion>({ kind: true, blanks: true, scoring: true }, synonyms('blanks', isObjects, 'gaps'), {
    blanks: blank,
  }),
};

/** What an answer calls its fields. */
export const answerFields: FieldNames = fields<AnswerToGrade>(
  'an answer',
  { question: true, answer: true, id: true, learnerId: true },
  {
    ...synonyms('learnerId', isName, 'studentid', 'student', 'userid', 'pupilid', 'candidateid', 'participantid'),
    ...synonyms('answer', isTextOrTexts, 'response', 'text', 'studentanswer', 'learneranswer', 'submission'),
  },
);

/** A text under `correctAnswer` is a reference; true or false there lacks its kind. */
const ALL_NAMES = new Set(Object.values(questionFields).flatMap(({ names }) => names));
ALL_NAMES.delete('correctAnswer');

/** What a question without a kind may have meant: the fields of all kinds. */
export const fieldsOfAnyKind: FieldNames = {
  ...freeText,
  names: [...ALL_NAMES],
  synonyms: {
    ...CHOICE_SYNONYMS,
    ...BASE_SYNONYMS,
    ...synonyms(
      'kind',
      (value) => typeof value === 'string' && Object.hasOwn(questionFields, value),
      'type',
      'questiontype',
    ),
  },
};
