/** A part of the elements that is loaded when first asked for: then a promise, and from then on the part itself. */
export type Lazy<Part> = () => Part | Promise<Part>;

/** Makes a part lazy. A part that could not be loaded is loaded anew when it is next asked for. */
export function lazy<Part>(load: () => Promise<Part>): Lazy<Part> {
  let part: Part | undefined;
  return () =>
    part ??
    load().then((loaded) => {
      part = loaded;
      return loaded;
    });
}
