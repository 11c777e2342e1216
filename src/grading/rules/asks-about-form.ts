const FORM =
  /s[yií]mbol|op[eé]rat[oe]u?r|operador|zeichen|punctua|ponctua|puntua|pontua|puntegg|\bsigns?\b|chara[ck]ter|capital letter|capitali[sz]e|(?:upp|low)er ?case|großschr|kleinschr|majusc|mayúsc|mai[úu]sc/i;

/**
 * Whether a question is about symbols, punctuation or capitals, so that a lone `-` may be an answer and folding would
 * fold away what is asked for.
 */
export function asksAboutForm(prompt: string): boolean {
  return FORM.test(prompt);
}
