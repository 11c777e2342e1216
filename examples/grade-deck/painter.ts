import { styleText } from 'node:util';

/** How the demo marks text. */
export type Paint = (style: 'bold' | 'dim' | 'green' | 'red' | 'yellow', text: string) => string;

/** Colours for a terminal; plain text in a pipe, or when NO_COLOR asks for it. */
export function painter(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream });
}
