/** Drawn at once: one call of the platform for each number takes ten times as long. */
const DRAWN = 256;

/** Numbers that 32 bits can tell apart. */
const RANGE = 2 ** 32;

const drawn = new Uint32Array(DRAWN);
let used = DRAWN;

/**
 * Where chance comes from unless the caller injects it: 0 <= value < 1, from the platform's secure source. The keys of a
 * prompt are drawn from it, and the state of `Math.random` can be worked out from other outputs of the process.
 */
export function secureRandom(): number {
  if (used === DRAWN) {
    crypto.getRandomValues(drawn);
    used = 0;
  }
  return (drawn[used++] ?? 0) / RANGE;
}
