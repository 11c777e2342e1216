import type { LimiterRequest, SharedLimiter } from '../../contract/controller.js';
import { countOf, objectOf } from '../../json/untyped-json.js';

/** The part of a limiter of rate-limiter-flexible that is used, whatever store it has. */
export interface WindowStore {
  /** Rejects with `{ consumedPoints, msBeforeNext }` when the window is full, with anything else when the store is down. */
  consume(key: string, points: number): Promise<unknown>;
  /** Keeps a key's window closed for so many seconds. */
  block(key: string, seconds: number): Promise<unknown>;
}

/** Settings of a store's fixed windows, under the names that rate-limiter-flexible gives them. */
export interface WindowSettings {
  keyPrefix: string;
  points: number;
  /** Length of a window, in seconds; may be a fraction. */
  duration: number;
  /** A window known to be full is not asked for again by this process. */
  inMemoryBlockOnConsumed: number;
}

/** Limits of all processes together, per provider. */
export interface SharedRates {
  /** @default no limit */
  requestsPerMinute?: number | undefined;
  /** Tokens as estimated before a call: four characters each, and 100 per verdict. @default no limit */
  tokensPerMinute?: number | undefined;
}

/** Surroundings of the windows: the store behind them, and the means to wait for it. */
export interface WindowWaiting {
  readonly open: (settings: WindowSettings) => Promise<WindowStore>;
  /** Text before the names of the windows. */
  readonly prefix: string;
  readonly wait: (ms: number) => Promise<void>;
  /** Aborts when nothing is waited for any more. */
  readonly stopped: AbortSignal;
  /** A store that does not answer is waited for; else the call goes, and only the limits of the process hold. */
  readonly isPatient: boolean;
}

/**
 * The store counts in fixed windows, so that a sliding second may hold one window more than a second has. Windows of a
 * twentieth of a second, used to so much of the limit, keep that under the limit itself.
 */
const WINDOWS_PER_SECOND = 20;
const USED_SHARE = 0.95;

/** Pause before a store that did not answer is asked again, in milliseconds. */
const ASK_AGAIN_MS = 250;

/** Windows of at least one point each. */
interface Windows {
  readonly points: number;
  readonly windowMs: number;
}

/** A limiter over the windows of a shared store. */
export async function windowLimiter(rates: SharedRates, waiting: WindowWaiting): Promise<SharedLimiter> {
  const { requestsPerMinute, tokensPerMinute } = rates;
  const requestGate = requestsPerMinute && (await openGate('requests', windowsOf(requestsPerMinute), waiting));
  const tokenGate = tokensPerMinute && (await openGate('tokens', windowsOf(tokensPerMinute), waiting));
  return {
    // Requests last: what is counted in the shortest windows must not wait for anything else afterwards.
    async acquire(request) {
      if (tokenGate && request.tokens > 0) await tokenGate(request, request.tokens);
      if (requestGate) await requestGate(request, 1);
    },
  };
}

/** The shortest windows of at least one point that keep within the rate. */
function windowsOf(perMinute: number): Windows {
  const points = Math.max(1, Math.floor(perMinute / 60 / WINDOWS_PER_SECOND));
  return { points, windowMs: Math.ceil((points * 60_000) / (perMinute * USED_SHARE)) };
}

/** Opens the windows of one kind of permit. Returns a function that resolves when so many permits may be used. */
async function openGate(
  kind: string,
  { points, windowMs }: Windows,
  { open, prefix, wait, stopped, isPatient }: WindowWaiting,
): Promise<(request: LimiterRequest, weight: number) => Promise<void>> {
  const settings = {
    keyPrefix: `${prefix}${kind}`,
    points,
    duration: windowMs / 1_000,
    inMemoryBlockOnConsumed: points,
  };
  // Of workers that start at the same time and find no table, one makes it and the others fail: it is there then.
  const store = await open(settings).catch(() => open(settings));
  /** In milliseconds; `undefined` if the call may be made. */
  const waitFor = async (provider: string, weight: number): Promise<number | undefined> => {
    const refusal = await store.consume(provider, weight).then(
      () => undefined,
      (reason: unknown) => refusalIn(reason, isPatient),
    );
    if (refusal === undefined) return undefined;
    const { consumedPoints, msBeforeNext } = refusal;
    const wasOpen = consumedPoints >= weight && consumedPoints - weight < points;
    // Timers may fire early by less than a millisecond, so one more is added.
    if (!wasOpen) return msBeforeNext + 1;
    // The call that fills a window may pass what is left of it, however heavy it is: the next window waits for as long.
    const overdraftMs = ((consumedPoints - points) * windowMs) / points;
    await store.block(provider, Math.ceil(msBeforeNext + overdraftMs) / 1_000).catch(() => {});
    return undefined;
  };
  return async ({ provider, waiting }, weight) => {
    while (!stopped.aborted) {
      const waitMs = await waitFor(provider, weight);
      if (waitMs === undefined) return;
      // A silent limiter would be taken for one that hangs.
      waiting?.(waitMs);
      await wait(waitMs);
    }
  };
}

/**
 * The refusal of a call that came too early.
 *
 * @throws the error of a store that is down, unless that is waited for.
 */
function refusalIn(reason: unknown, isPatient: boolean): { consumedPoints: number; msBeforeNext: number } {
  const { consumedPoints, msBeforeNext } = objectOf(reason);
  const waitMs = countOf(msBeforeNext);
  if (waitMs === undefined && !isPatient) throw reason;
  return { consumedPoints: countOf(consumedPoints) ?? 0, msBeforeNext: waitMs ?? ASK_AGAIN_MS };
}
