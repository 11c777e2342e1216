import type { CallReport, RateLimitHint } from '../../contract/provider.js';
import { countOf, objectOf, textOf } from '../../json/untyped-json.js';
import { plainLine } from '../../json/plain-line.js';
import { assignDefined } from '../../json/defined.js';
import { checkedUsage } from '../telemetry/token-usage.js';

/** Longest name of a model or id of a request, in UTF-16 units: more would fill results and logs. */
const LONGEST_NAME = 200;

/** Longest wait of a timer, in milliseconds; a longer hint means "not today" all the same. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/**
 * Adds what a provider tells of a call to what it told before. It may be anything, in plain JavaScript and from servers
 * that count oddly: what is of the wrong type, not finite or below 0 is dropped. Never throws.
 */
export function addToReport(report: CallReport, told: unknown): void {
  try {
    const { usage, rateLimit, requestId, model } = objectOf(told);
    assignDefined<CallReport>(report, {
      usage: checkedUsage(usage),
      rateLimit: checkedHint(rateLimit),
      requestId: checkedName(requestId),
      model: checkedName(model),
    });
  } catch {
    // A getter that throws tells nothing.
  }
}

/** A name on one line, cut to the longest; `undefined` for what is none. */
function checkedName(value: unknown): string | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : textOf(plainLine(text, LONGEST_NAME));
}

/** The sound fields of a rate-limit hint; `undefined` if none is, so that an empty hint overwrites nothing. */
function checkedHint(value: unknown): RateLimitHint | undefined {
  const told = objectOf(value);
  const hint = assignDefined<RateLimitHint>(
    {},
    {
      requestLimit: limitOf(told['requestLimit']),
      remainingRequests: countOf(told['remainingRequests']),
      requestResetMs: delayOf(told['requestResetMs']),
      tokenLimit: limitOf(told['tokenLimit']),
      remainingTokens: countOf(told['remainingTokens']),
      tokenResetMs: delayOf(told['tokenResetMs']),
    },
  );
  return Object.keys(hint).length === 0 ? undefined : hint;
}

/** A limit of at least 1. Servers say 0 where they know of none, and no limit lets through a part of a request. */
function limitOf(value: unknown): number | undefined {
  const limit = countOf(value);
  return limit === undefined || limit < 1 ? undefined : limit;
}

/** A delay in milliseconds, at most the longest that a timer waits. */
function delayOf(value: unknown): number | undefined {
  const delayMs = countOf(value);
  return delayMs === undefined ? undefined : Math.min(delayMs, LONGEST_DELAY_MS);
}
