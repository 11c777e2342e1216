import { criterionScale } from '../../contract/criterion-scale.js';
import type { GradingItem, JsonSchema } from '../../contract/provider.js';
import { MODEL_FLAGS } from './policy.js';
import type { PromptOptions } from './prompt-grader-options.js';

/** The name that vendors want beside a schema. */
export const REPLY_SCHEMA_NAME = 'grading';

/** What the form of a reply depends on. */
interface ReplyForm {
  readonly hasFeedback: boolean;
  readonly hasEvidence: boolean;
  readonly fewestCriteria: number;
  readonly mostCriteria: number;
  readonly topLevel: number;
}

/** One object for each form: vendors compile a schema once, and adapters know again what they have rewritten. */
const known = new Map<string, JsonSchema>();

/** So many forms are kept; a deck has a handful. */
const MOST_FORMS = 500;

/**
 * The JSON Schema of a reply about some answers. Flat and with every property required, as every vendor takes it; levels
 * and flags are enumerated and lists have their length, which adapters take out where a vendor's subset has no such
 * bounds. The keys of the call are not in it: it would be another schema for each call, which no vendor would have
 * compiled or cached.
 */
export function replySchema(
  items: readonly GradingItem[],
  { feedback = true, evidence = true }: PromptOptions = {},
): JsonSchema {
  const rubrics = items.map(({ question }) => question.rubric?.criteria ?? []);
  const counts = rubrics.map((criteria) => Math.max(1, criteria.length));
  const tops = rubrics.flatMap((criteria) =>
    criteria.length === 0 ? [criterionScale()] : criteria.map(criterionScale),
  );
  const form: ReplyForm = {
    hasFeedback: feedback,
    hasEvidence: evidence,
    fewestCriteria: Math.min(...counts),
    mostCriteria: Math.max(...counts),
    topLevel: Math.max(...tops.map(({ shares }) => shares.length - 1)),
  };
  const name = Object.values(form).join(' ');
  const schema = known.get(name) ?? frozen(schemaOf(form));
  if (known.size >= MOST_FORMS) known.clear();
  known.set(name, schema);
  return schema;
}

function schemaOf({ hasFeedback, hasEvidence, fewestCriteria, mostCriteria, topLevel }: ReplyForm): JsonSchema {
  const text = { type: 'string' };
  const isSingle = mostCriteria === 1;
  const listOf = (items: JsonSchema): JsonSchema => {
    return { type: 'array', items, minItems: fewestCriteria, maxItems: mostCriteria };
  };
  return objectOf({
    results: {
      type: 'array',
      items: objectOf({
        key: text,
        why: isSingle ? text : listOf(text),
        ...(hasEvidence && { evidence: isSingle ? text : listOf(text) }),
        levels: listOf({ type: 'integer', enum: Array.from({ length: topLevel + 1 }, (_, level) => level) }),
        confidence: { type: 'integer' },
        flags: { type: 'array', items: { type: 'string', enum: MODEL_FLAGS } },
        ...(hasFeedback && { feedback: text }),
      }),
    },
  });
}

function objectOf(properties: JsonSchema): JsonSchema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** All runs of the process share it, so that no provider may change it. */
function frozen<T>(part: T): T {
  if (typeof part === 'object' && part !== null) for (const each of Object.values(Object.freeze(part))) frozen(each);
  return part;
}
