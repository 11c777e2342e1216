import { isShareable } from '../run/in-flight.js';
import type { GradingRun } from '../run/grading-run.js';
import type { PendingAnswer } from '../run/pending-answer.js';
import type { GradingResult } from '../../contract/result.js';
import { settleShared } from '../run/settle.js';
import { TaskGroup } from '../../async/task-group.js';

/**
 * Followers: the answers of a run that wait for an identical one in flight. Owned by one run, as long as it takes in
 * answers or waits.
 */
export class Followers {
  readonly #run: GradingRun;
  readonly #waiting = new TaskGroup();
  readonly #askAlone: (pending: PendingAnswer) => void;

  /** @param askAlone Takes the answers that must be asked for themselves after all. */
  constructor(run: GradingRun, askAlone: (pending: PendingAnswer) => void) {
    this.#run = run;
    this.#askAlone = askAlone;
  }

  /** Lets an answer wait for the result that its leader will have. */
  add(pending: PendingAnswer, shared: Promise<GradingResult>): void {
    this.#waiting.start(this.#follow(pending, shared));
  }

  /** Resolves when none waits any more. */
  async settled(): Promise<void> {
    await this.#waiting.settled();
  }

  /** Takes over a result that may be shared; else the answer is asked for itself. */
  async #follow(pending: PendingAnswer, shared: Promise<GradingResult>): Promise<void> {
    const result = await orStopped(this.#run, shared);
    if (result !== undefined && isShareable(result)) settleShared(this.#run, pending, result);
    else this.#askAlone(pending);
  }
}

/**
 * The leader's result, or `undefined` when this run stops first: the leader may belong to another run, which goes on.
 */
function orStopped(run: GradingRun, shared: Promise<GradingResult>): Promise<GradingResult | undefined> {
  return new Promise((resolve) => {
    const forget = run.stop.onStop(() => resolve(undefined));
    const finish = (result: GradingResult): void => {
      forget();
      resolve(result);
    };
    void shared.then(finish);
  });
}
