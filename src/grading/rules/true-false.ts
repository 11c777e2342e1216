import type { AnswerToGrade, TrueFalseQuestion } from '../../contract/question.js';
import { foldText, withoutEmphasis } from '../text/fold-text.js';
import type { RuleOutcome } from './rule-outcome.js';
import { singleText } from './answer-parts.js';

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

const TRUE = words('true t correct right wahr richtig stimmt vrai verdadero cierto vero verdadeiro');
const FALSE = words('false f incorrect wrong falsch faux falso');
/** Yes and no by language: that of the question and English count, where it says which it is in. */
const YES: Readonly<Record<string, ReadonlySet<string>>> = {
  en: words('yes y'),
  de: words('ja'),
  fr: words('oui si'),
  es: words('sí si'),
  it: words('sì si'),
  pt: words('sim'),
};
const NO: Readonly<Record<string, ReadonlySet<string>>> = {
  en: words('no n'),
  de: words('nein'),
  fr: words('non'),
  es: words('no'),
  it: words('no'),
  pt: words('não nao'),
};

// Whether "yes" agrees with a negated statement depends on the reader, so a statement with one of these needs a reader.
const NEGATIONS = words(
  'not no never none nobody nothing neither nor cannot without false untrue wrong incorrect impossible nicht nie niemals ' +
    'ohne nichts falsch pas jamais sans ne rien faux non nunca jamás sin nada falso falsa mai niente senza não nao nem ' +
    'sem',
);
const NEGATION_PART = /^(?:n'|kein|aucun|ningun|ningún|nessun|nenhum)|n't$|^(?:is|are|was|do|does|did|ca|wo)nt$/;
const LEAD_IN = /^true or false/;
const KNOWN_LANGUAGE = /^(?:en|de|fr|es|it|pt)(?:[-_]|$)/i;
const OTHER_SCRIPT = /[^\p{Script=Latin}\P{L}]/u;

/** A statement to judge, in one word of the common European languages. */
export function gradeTrueFalse(question: TrueFalseQuestion, answer: AnswerToGrade['answer']): RuleOutcome {
  const text = singleText(answer);
  const word = text === undefined ? '' : withoutBrackets(withoutEmphasis(foldText(text, { caseSensitive: false })));
  if (TRUE.has(word) || FALSE.has(word)) return TRUE.has(word) === question.correctAnswer ? 1 : 0;
  const [isYes, isNo] = [YES, NO].map((lists) => saysIn(lists, word, question.language));
  if (isYes === isNo || mayBeNegated(question)) return undefined;
  return isYes === question.correctAnswer ? 1 : 0;
}

/** Without a language, the statement is taken for English: another language's yes to it needs a reader. */
function saysIn(lists: typeof YES, word: string, language = 'en'): boolean {
  const [subtag = ''] = language.toLowerCase().split(/[-_]/);
  return [subtag, 'en'].some((known) => lists[known]?.has(word));
}

function withoutBrackets(word: string): string {
  return /^[([]([^()[\]]*)[)\]]$/.exec(word)?.[1] ?? word;
}

function mayBeNegated({ prompt, language }: TrueFalseQuestion): boolean {
  if (language === undefined ? OTHER_SCRIPT.test(prompt) : !KNOWN_LANGUAGE.test(language)) return true;
  const statement = foldText(prompt, { caseSensitive: false }).replace(LEAD_IN, '');
  return statement.split(/[^\p{L}\p{M}']+/u).some((word) => NEGATIONS.has(word) || NEGATION_PART.test(word));
}
