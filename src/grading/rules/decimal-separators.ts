/** How a language writes the digits of a number. */
export interface DecimalSeparators {
  /** In front of the fraction: `.` or `,`. */
  decimal: string;
  /** Between groups of digits: `,`, `.`, `'` or a space. */
  group: string;
}

const DEFAULT_SEPARATORS: DecimalSeparators = { decimal: '.', group: ',' };

/** The separators of a language (BCP 47) as the runtime knows them; those of English without or with an unknown one. */
export function decimalSeparators(language: string | undefined): DecimalSeparators {
  if (language === undefined) return DEFAULT_SEPARATORS;
  try {
    const locales = [language.replaceAll('_', '-'), 'en'];
    const parts = new Intl.NumberFormat(locales, { numberingSystem: 'latn' }).formatToParts(1_234_567.8);
    const valueOf = (type: 'decimal' | 'group') =>
      parts.find((part) => part.type === type)?.value ?? DEFAULT_SEPARATORS[type];
    // As folding leaves them in answers: one kind of space, one kind of apostrophe.
    const group = valueOf('group').replace(/\s/, ' ').replace('\u2019', "'");
    return { decimal: valueOf('decimal'), group };
  } catch {
    return DEFAULT_SEPARATORS;
  }
}
