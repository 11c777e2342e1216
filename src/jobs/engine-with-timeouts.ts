import type { JobEngine } from './job-engine.js';

/** Time-out of a call to the engine, in milliseconds: a connection whose other side is gone without a word answers never. */
const ENGINE_TIMEOUT_MS = 20_000;

/** The engine, with an end to every call: whoever waits for a claim or a job must be able to ask again. */
export function engineWithTimeouts(boss: JobEngine): JobEngine {
  return {
    createQueue: (...call) => inTime(boss.createQueue(...call)),
    insert: (...call) => inTime(boss.insert(...call)),
    fetch: (...call) => inTime(boss.fetch(...call)),
    complete: (...call) => inTime(boss.complete(...call)),
    fail: (...call) => inTime(boss.fail(...call)),
    touch: (...call) => inTime(boss.touch(...call)),
    cancel: (...call) => inTime(boss.cancel(...call)),
    redrive: (...call) => inTime(boss.redrive(...call)),
    findJobs: (...call) => inTime(boss.findJobs(...call)),
  };
}

async function inTime<T>(call: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`the job engine did not answer within ${ENGINE_TIMEOUT_MS} ms`)),
    ENGINE_TIMEOUT_MS,
  );
  return Promise.race([call, promise]).finally(() => clearTimeout(timer));
}
