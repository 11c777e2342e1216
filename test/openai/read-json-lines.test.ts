import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { readJsonLines } from '../../src/openai/bulk-row.js';
import { allOf } from '../tools/all-of.js';

describe('readJsonLines', () => {
  test.prop([fc.array(fc.json()), fc.integer({ min: 1, max: 9 }), fc.boolean()])(
    'gives every document, however the bytes are cut',
    async (documents, pieceBytes, endsWithNewline) => {
      const text = documents.join('\n\n') + (endsWithNewline ? '\n' : '');
      const read = await allOf(readJsonLines(inPieces(new TextEncoder().encode(text), pieceBytes)));
      expect(read).toEqual(documents.map((document): unknown => JSON.parse(document)));
    },
  );

  test('lets go of the stream when the loop is left', async () => {
    let isCancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('{}\n')),
      cancel: () => {
        isCancelled = true;
      },
    });
    for await (const row of readJsonLines(endless)) {
      expect(row).toEqual({});
      break;
    }
    expect(isCancelled).toBe(true);
  });

  test('fails for a document that was cut off', async () => {
    await expect(allOf(readJsonLines(inPieces(new TextEncoder().encode('{"a":1}\n{"b'), 4)))).rejects.toThrow(
      SyntaxError,
    );
  });
});

function inPieces(bytes: Uint8Array, pieceBytes: number): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      for (let at = 0; at < bytes.length; at += pieceBytes) controller.enqueue(bytes.subarray(at, at + pieceBytes));
      controller.close();
    },
  });
}
