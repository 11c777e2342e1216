import type { GradingItem } from '../contract/provider.js';
import { writePrompt } from '../grading/prompt/write-prompt.js';
import type { OpenAIDecisionsProviderOptions } from './options.js';

/** The body of a decisions request as this adapter sends it: one question per learner's answer. */
export interface DecisionsRequest {
  model: string;
  /** The teacher's material, which all questions share. */
  input: string;
  questions: {
    type: 'score';
    name: string;
    instructions: string;
    levels: { label: string; description: string }[];
  }[];
  prompt_cache_key?: string;
}

/** The only model that decides. */
export const DEFAULT_DECISIONS_MODEL = 'gpt-6-luna';

/** From nothing to everything, in equal steps, so that a level's share of full marks is its place in the list. */
const LEVELS: DecisionsRequest['questions'][number]['levels'] = [
  { label: '0', description: 'Nothing in the answer earns marks: it is wrong, beside the point or empty.' },
  { label: '1', description: 'One small part of what full marks demand is there.' },
  { label: '2', description: 'Less than half of what full marks demand is there.' },
  { label: '3', description: 'More than half of what full marks demand is there.' },
  { label: '4', description: 'Nearly everything is there; one small part is missing or wrong.' },
  { label: '5', description: 'Everything that full marks demand is there, and nothing contradicts it.' },
];

/** The name of an item's question. */
export function decisionName(index: number): string {
  return `answer_${index + 1}`;
}

/** The vendor's wording of a call. A learner's text is in no question but its own. */
export function decisionsRequest(
  items: readonly GradingItem[],
  { model = DEFAULT_DECISIONS_MODEL, instructions, cacheKey }: OpenAIDecisionsProviderOptions,
): DecisionsRequest {
  const { system, prompt } = writePrompt(items, { instructions, feedback: false });
  const frames = prompt.split('\n');
  return {
    model,
    input: system,
    questions: items.map((_, index) => ({
      type: 'score',
      name: decisionName(index),
      instructions: `How much of full marks does this answer earn, over all criteria?\n${frames[index] ?? ''}`,
      levels: LEVELS,
    })),
    ...(cacheKey !== undefined && { prompt_cache_key: cacheKey }),
  };
}
