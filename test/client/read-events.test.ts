import { fc, test as property } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { readEvents, type ServerEvent } from '../../src/client/read-events.js';

const events: readonly ServerEvent[] = [
  { '': '' },
  { event: 'progress', data: '{"feedback":"größer – ✓ 😀"}' },
  { event: 'result', data: '{}' },
];

describe('readEvents()', () => {
  property.prop([fc.array(fc.nat({ max: 120 })), fc.constantFrom('\n', '\r\n')])(
    'reads the same events however the bytes are cut, and with either end of line',
    async (cuts, end) => {
      const text = events.map(({ event, data }) =>
        [...(event === undefined ? [':'] : [`event: ${event}`, `data: ${data}`]), '', ''].join(end),
      );
      const bytes = new TextEncoder().encode(`${text.join('')}event: half`);
      const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          for (const [index, place] of places.entries()) controller.enqueue(bytes.slice(place, places[index + 1]));
          controller.close();
        },
      });
      const read: ServerEvent[] = [];
      for await (const event of readEvents(body)) read.push(event);
      expect(read).toEqual(events);
    },
  );
});
