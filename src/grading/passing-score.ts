/** The share of the marks that passes where the question does not say. */
export const DEFAULT_PASSING_SCALED_SCORE = 0.5;
