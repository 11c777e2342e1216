import { GradingOptionsError } from '../../contract/errors.js';
import type { AnswerToGrade, Question } from '../../contract/question.js';
import { antonymsOf } from '../../grading/offline/antonyms.js';
import { isNegation } from '../../grading/offline/function-words.js';
import { textProfile, type TextProfile } from '../../grading/offline/text-profile.js';
import { tokenise, wordsOf } from '../../grading/offline/tokenise.js';
import { textOfAnswer } from '../marked-answers.js';

/** Answers that say nearly the same in nearly the same words. */
export interface AnswerGroup {
  /** Position of the answer that the others are alike to, from 0: the one to mark in a pilot. */
  pilot: number;
  /** Positions of all of them, the pilot first, the others in the order of the answers. */
  indexes: readonly number[];
}

/** How answers are grouped. */
export interface GroupAnswersOptions {
  /**
   * The least share of words that an answer has in common with its pilot, of all words that either has: above 0, at most 1.
   * @default 0.7: on training answers of SciEntsBank, 96 % of those in groups of three or more have the mark of their group
   */
  similarity?: number | undefined;
}

/** With one word of seven more, fewer than one in twenty answers of a group has another mark than the rest. */
const DEFAULT_SIMILARITY = 0.7;

/**
 * Groups the answers to one question by their words: stems without function words, in any order. Numbers, negations and
 * words that have an opposite must all be the same. Deterministic and local: no model is asked, and the same answers give
 * the same groups.
 *
 * Groups order a review, pick a pilot, and show marks that contradict each other; they never give a mark: see
 * {@link offerOverride} and {@link groupConflicts}.
 *
 * @param question That all of them answer; its kind and language decide what a word is.
 * @param answers In any order.
 * @param options How alike answers must be.
 * @returns Every answer in exactly one group, the largest groups first, equal ones in the order of their pilots.
 * @throws {GradingOptionsError} for a similarity outside its range.
 *
 * @example
 * ```ts
 * import { groupAnswers } from 'gradelanes/evaluate';
 *
 * const answers = ['Ice is less dense.', 'it is cold', 'The ice is less dense!', 'Ice is not less dense.'];
 * const groups = groupAnswers({ prompt: 'Why does ice float?' }, answers);
 * console.log(groups.map(({ indexes }) => indexes)); // [ [ 0, 2 ], [ 1 ], [ 3 ] ]
 * ```
 */
export function groupAnswers(
  question: Question,
  answers: readonly AnswerToGrade['answer'][],
  { similarity = DEFAULT_SIMILARITY }: GroupAnswersOptions = {},
): readonly AnswerGroup[] {
  if (!(similarity > 0 && similarity <= 1)) {
    throw new GradingOptionsError('similarity', 'must be a number above 0 and at most 1', String(similarity));
  }
  const texts = answers.map(textOfAnswer);
  const profile = textProfile(question, [question.prompt, ...texts.slice(0, TEXTS_THAT_TELL)]);
  const bags = texts.map((text) => bagOf(text, profile));
  const pilots = new PilotIndex(bags, similarity);
  const groups = new Map<number, number[]>();
  for (const [index, bag] of bags.entries()) {
    const pilot = pilots.closestTo(bag);
    const group = pilot === undefined ? undefined : groups.get(pilot);
    if (group !== undefined) group.push(index);
    else {
      pilots.add(index);
      groups.set(index, [index]);
    }
  }
  return [...groups]
    .map(([pilot, indexes]) => ({ pilot, indexes }))
    .toSorted((left, right) => right.indexes.length - left.indexes.length || left.pilot - right.pilot);
}

/** So many answers show which script they are written in. */
const TEXTS_THAT_TELL = 50;

type Bag = ReadonlySet<string>;

function bagOf(text: string, profile: TextProfile): Bag {
  const words = wordsOf(text, profile);
  // Code in another order is other code.
  if (profile === 'symbols') return new Set([words.join(' ')]);
  const tokens = tokenise(words, profile);
  const content = tokens.filter(({ isContent }) => isContent);
  // "Yes" and "because" say nothing, but not the same.
  return new Set((content.length > 0 ? content : tokens).map(({ key }) => key));
}

/**
 * Finds the pilot that an answer is most like. It looks only at pilots that share one of the answer's rarest words: who
 * has none of these in common has too few words in common (prefix filtering; Chaudhuri et al. 2006). Owned by one grouping.
 */
class PilotIndex {
  readonly #bags: readonly Bag[];
  readonly #similarity: number;
  readonly #counts = new Map<string, number>();
  readonly #pilotsWith = new Map<string, number[]>();
  readonly #pilotOfBag = new Map<string, number>();

  constructor(bags: readonly Bag[], similarity: number) {
    this.#bags = bags;
    this.#similarity = similarity;
    for (const bag of bags) for (const word of bag) this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1);
  }

  add(pilot: number): void {
    const bag = this.#bags[pilot] ?? new Set();
    this.#pilotOfBag.set(nameOf(bag), pilot);
    for (const word of bag) {
      const pilots = this.#pilotsWith.get(word) ?? [];
      pilots.push(pilot);
      this.#pilotsWith.set(word, pilots);
    }
  }

  closestTo(bag: Bag): number | undefined {
    const same = this.#pilotOfBag.get(nameOf(bag));
    if (same !== undefined) return same;
    let [closest, most]: [number | undefined, number] = [undefined, 0];
    for (const pilot of this.#candidatesFor(bag)) {
      const likeness = likenessOf(bag, this.#bags[pilot] ?? new Set());
      const isCloser = likeness > most || (likeness === most && closest !== undefined && pilot < closest);
      if (likeness >= this.#similarity - 1e-9 && isCloser) [closest, most] = [pilot, likeness];
    }
    return closest;
  }

  #candidatesFor(bag: Bag): ReadonlySet<number> {
    const rarestFirst = [...bag].toSorted((left, right) => this.#countOf(left) - this.#countOf(right));
    const prefix = bag.size - Math.ceil(this.#similarity * bag.size - 1e-9) + 1;
    return new Set(rarestFirst.slice(0, prefix).flatMap((word) => this.#pilotsWith.get(word) ?? []));
  }

  #countOf(word: string): number {
    return this.#counts.get(word) ?? 0;
  }
}

/** Equal for bags of the same words. */
function nameOf(bag: Bag): string {
  return [...bag].toSorted().join(' ');
}

/** The share of common words among all words of either (Jaccard 1901); 0 where they differ in a word that decides. */
function likenessOf(left: Bag, right: Bag): number {
  let common = 0;
  for (const word of left) {
    if (right.has(word)) common += 1;
    else if (decides(word)) return 0;
  }
  for (const word of right) if (!left.has(word) && decides(word)) return 0;
  return common / (left.size + right.size - common);
}

/** A word that turns what is said into its opposite, or into another figure. */
function decides(word: string): boolean {
  return word.startsWith('#') || isNegation(word) || antonymsOf(word).size > 0;
}
