/** The words of the elements. */
export type ElementLabels = Readonly<Record<LabelName, string>>;

/** Every word of the elements has a name; in a list, `|` stands between its entries, or between a name and its hint. */
export type LabelName =
  | 'locale'
  | 'region'
  | 'nothing'
  | 'answer'
  | 'answers'
  | 'graded'
  | 'inTime'
  | 'notGraded'
  | 'progress'
  | 'progressOpen'
  | 'announced'
  | 'parallel'
  | 'batch'
  | 'sequential'
  | 'noModel'
  | 'afterTrouble'
  | 'trouble'
  | 'estimate'
  | 'estimateEven'
  | 'estimatePart'
  | 'thisRun'
  | 'oneByOne'
  | 'atOnce'
  | 'requests'
  | 'repeated'
  | 'mean'
  | 'waited'
  | 'local'
  | 'review'
  | 'tokens'
  | 'legend'
  | 'waterfall'
  | 'more'
  | 'showTable'
  | 'table'
  | 'known'
  | 'byRule'
  | 'ok'
  | 'open'
  | 'failed'
  | 'marks'
  | 'right'
  | 'partly'
  | 'wrong'
  | 'look'
  | 'yourAnswer'
  | 'criteria';

/** Puts values into a label. */
export function fill(label: string, values: Readonly<Record<string, string | number>>): string {
  return label.replace(/\{(\w+)\}/g, (whole, name: string) =>
    String(Object.hasOwn(values, name) ? values[name] : whole),
  );
}

/** `1 answer`, `2 answers`. */
export function answersIn(labels: ElementLabels, n: number): string {
  return fill(n === 1 ? labels.answer : labels.answers, { n });
}

/** Milliseconds for people: `340 ms`, `1.2 s`, `2 min 5 s`. */
export function durationIn({ locale }: ElementLabels, milliseconds: number): string {
  const rounded = Math.round(milliseconds);
  if (rounded < 1_000) return `${rounded} ms`;
  if (rounded < 59_950) return `${numberIn(locale, rounded / 1_000, 1)} s`;
  const seconds = Math.round(rounded / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A number as it is written in a language. */
export function numberIn(locale: string, value: number, digits: number, least: number = digits): string {
  return value.toLocaleString(locale, { maximumFractionDigits: digits, minimumFractionDigits: least });
}
