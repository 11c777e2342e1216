import type { OptionReader } from './option-reader.js';

/**
 * The option that each part of an answer names, by its index; undefined unless every part names exactly one
 * and there are no more parts than options.
 */
export function namedOptions(
  parts: readonly (string | number)[],
  choices: readonly string[],
  read: OptionReader,
): readonly number[] | undefined {
  if (parts.length > choices.length) return undefined;
  const named = parts.map((part) => (typeof part === 'number' ? [part] : read(part)));
  const isClear = named.every(([index = -1, ...others]) => others.length === 0 && choices[index] !== undefined);
  return isClear ? named.flat() : undefined;
}
