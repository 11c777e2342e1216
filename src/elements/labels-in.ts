import { ENGLISH } from './english.js';
import type { ElementLabels } from './labels.js';
import { lazy, type Lazy } from './lazy.js';

/** The languages that a page loads only where it speaks them. */
const LANGUAGES: Readonly<Record<string, Lazy<ElementLabels>>> = {
  de: lazy(() =>
    import('./german.js').then(
      ({ GERMAN }) => GERMAN,
      () => ENGLISH,
    ),
  ),
};

/**
 * The words of the elements in a language, English or German: at once if they are loaded, else a promise of them.
 *
 * @param language A language tag as in `lang`: of `de-AT`, `de` counts.
 * @returns The words; in English where there are none in that language, or where they cannot be loaded.
 *
 * @example
 * ```ts
 * import { labelsIn } from 'gradelanes/elements';
 *
 * const { region } = await labelsIn('de-AT');
 * console.log(region); // So wurden die Antworten bewertet
 * ```
 */
export function labelsIn(language: string): ElementLabels | Promise<ElementLabels> {
  const [name = ''] = language.toLowerCase().split('-');
  return (Object.hasOwn(LANGUAGES, name) && LANGUAGES[name]?.()) || ENGLISH;
}
