import { isShareable } from '../run/in-flight.js';
import type { GradingRun } from '../run/grading-run.js';
import type { PendingAnswer } from '../run/pending-answer.js';
import type { GradingResult } from '../../contract/result.js';
import { settleShared } from '../run/settle.js';
import { TaskGroup } from '../../async/task-group.js';

/** The answers of a run that wait for an identical one in flight. */
export class Followers {
  readonly #run: GradingRun;
  readonly #waiting = new TaskGroup();
  readonly #askAlone: (pending: PendingAnswer) => void;

  /** @param askAlone Takes the answers that must be asked for themselves after all. */
  constructor(run: GradingRun, askAlone: (pending: PendingAnswer) => void) {
    this.#run = run;
    this.#askAlone = askAlone;
  }

  add(pending: PendingAnswer, shared: Promise<GradingResult>): void {
    this.#waiting.start(this.#follow(pending, shared));
  }

  /** Resolves when none waits any more. */
  async settled(): Promise<void> {
    await this.#waiting.settled();
  }

  async #follow(pending: PendingAnswer, shared: Promise<GradingResult>): Promise<void> {
    const result = await orStopped(this.#run, shared);
    if (result !== undefined && isShareable(result)) settleShared(this.#run, pending, result);
    else this.#askAlone(pending);
  }
}

/** `undefined` when the run stops first: the answer that leads may belong to another run. */
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
