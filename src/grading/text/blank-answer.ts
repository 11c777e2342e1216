import { foldText } from './fold-text.js';

// As learners type them, without apostrophes. A phrase that could itself be an answer ("pass", "none", "JSP") is left out.
const PHRASES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    en: [
      'i dont know',
      'i do not know',
      'i really dont know',
      'dont know',
      'idk',
      'dunno',
      'i dunno',
      'no idea',
      'i have no idea',
      'no clue',
      'i have no clue',
      'im not sure',
      'i am not sure',
      'n/a',
    ],
    de: [
      'ich weiß nicht',
      'ich weiß es nicht',
      'weiß nicht',
      'weiß ich nicht',
      'keine ahnung',
      'ich habe keine ahnung',
    ],
    es: ['no sé', 'no se', 'no lo sé', 'no lo se', 'ni idea', 'no tengo idea', 'no tengo ni idea'],
    fr: [
      'je ne sais pas',
      'je sais pas',
      'jsais pas',
      'sais pas',
      'aucune idée',
      'je nai aucune idée',
      'jen sais rien',
    ],
    it: ['non lo so', 'non so', 'non ne ho idea', 'nessuna idea', 'boh'],
    pt: ['não sei', 'nao sei', 'não faço ideia', 'nao faco ideia', 'não tenho ideia', 'sei lá'],
  }),
);
const ALL_PHRASES: ReadonlySet<string> = new Set([...PHRASES.values()].flat().map(phraseForm));

const MARKS = /^(?:\?+|؟+|[-—]{1,3}|\.{3,}|_{3,})$/;
const LONGEST_PHRASE = 60;

/**
 * Whether an answer says nothing: empty, a lone `?`, `-` or `...`, or "I don't know" word for word. A language (BCP 47)
 * narrows the phrases to that language and English; without one those of all languages known here count.
 */
export function isBlankAnswer(text: string, language?: string): boolean {
  const phrase = blankPhrase(text);
  return phrase === '' || isBlankMark(phrase) || isKnownPhrase(phrase, language);
}

/** The text in {@link phraseForm} and without the punctuation around it, unless it is nothing else. */
export function blankPhrase(text: string): string {
  const phrase = phraseForm(text) || foldText(text, { caseSensitive: false });
  if (phrase.length > LONGEST_PHRASE) return phrase;
  return phrase.replace(/^[\s(]+|[\s.!?:;()-]+$/g, '') || phrase;
}

/** Whether a text says "I don't know" somewhere, in any language known here. */
export function mentionsBlankPhrase(text: string): boolean {
  const form = phraseForm(text);
  return [...ALL_PHRASES].some((phrase) => form.includes(phrase));
}

/** The text as phrases are compared: folded, and without what learners leave out (apostrophes, commas, ß). */
function phraseForm(text: string): string {
  return foldText(text, { caseSensitive: false }).replace(/['",]/g, '').replaceAll('ß', 'ss');
}

/** Whether a {@link blankPhrase} is a mark such as `?` and has no words. */
export function isBlankMark(phrase: string): boolean {
  return phrase.length <= LONGEST_PHRASE && MARKS.test(phrase.replaceAll(' ', ''));
}

function isKnownPhrase(phrase: string, language: string | undefined): boolean {
  if (language === undefined || !ALL_PHRASES.has(phrase)) return ALL_PHRASES.has(phrase);
  const [subtag = ''] = language.toLowerCase().split(/[-_]/);
  return [subtag, 'en'].some((known) => PHRASES.get(known)?.some((candidate) => phraseForm(candidate) === phrase));
}
