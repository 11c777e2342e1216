/** A timer function as a test runner may have replaced it. */
type TimerFunction = (...args: never[]) => unknown;

/**
 * True for a timer function that a test runner put in the place of the real one. The marks are those that Testing Library
 * goes by: sinon, vitest, Jest and Bun leave a `clock` on it, Jest's legacy fakes are mock functions, node:test binds a
 * method.
 */
export function isFake(timer: TimerFunction): boolean {
  return Object.hasOwn(timer, 'clock') || '_isMockFunction' in timer || timer.name.startsWith('bound ');
}
