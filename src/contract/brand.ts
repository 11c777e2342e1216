// Brands: a second copy of this package has error classes of its own, and its errors count here all the same.
const symbolOf = (name: string): symbol => Symbol.for(`gradelanes.${name}`);

/** Brands an error. */
export function brand<Each extends Error>(error: Each, name: string): Each {
  return Object.defineProperty(error, symbolOf(name), { value: true });
}

/** Whether a value has a brand, whichever copy of this package gave it. */
export function hasBrand(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && symbolOf(name) in value;
}
