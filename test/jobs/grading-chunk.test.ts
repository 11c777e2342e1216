import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { chunkId, packChunk, placeOfChunk, unpackChunk } from '../../src/jobs/grading-chunk.js';

const text = fc.string({ unit: 'binary' });
const questions = fc.array(fc.record({ prompt: text }), { minLength: 1, maxLength: 3 });

describe('packChunk and unpackChunk', () => {
  test.prop([questions, fc.array(fc.record({ position: fc.nat(2), answer: text, id: text })), fc.nat(), text])(
    'give back what they were given, through JSON',
    (known, given, first, runId) => {
      fc.pre(runId !== '');
      const answers = given.map(({ position, ...rest }) => ({
        ...rest,
        question: known[position % known.length] ?? { prompt: '' },
      }));
      const chunk = { runId, first, priority: 'interactive', answers } as const;
      const kept: unknown = JSON.parse(JSON.stringify(packChunk(chunk)));
      expect(unpackChunk(kept)).toEqual(chunk);
      expect(placeOfChunk(kept)).toEqual({ runId, first, count: answers.length, round: 0, turn: 0 });
    },
  );

  test('write a question once that many answers share', () => {
    const question = { prompt: 'Why does ice float?' };
    const answers = Array.from({ length: 50 }, () => ({ question, answer: 'x' }));
    const { body } = packChunk({ runId: 'run', first: 0, priority: 'background', answers });
    expect(body.split(question.prompt)).toHaveLength(2);
  });

  test.each([undefined, 'text', {}, { runId: 'run' }, { runId: 'run', first: -1, count: 1, body: '{}' }])(
    'are not fooled by %j',
    (data) => {
      expect(unpackChunk(data)).toBeUndefined();
    },
  );
});

describe('chunkId', () => {
  test('is a UUID that is the same for the same place, and another for any other', () => {
    const id = chunkId('queue', 'run', 0);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(chunkId('queue', 'run', 0)).toBe(id);
    const versions = [
      { round: 0, turn: 1 },
      { round: 1, turn: 0 },
    ].map((each) => chunkId('queue', 'run', 0, each));
    const others = [chunkId('queue', 'run', 1), chunkId('queue', 'ru', 0), chunkId('queu', 'erun', 0), ...versions];
    expect(new Set([id, ...others]).size).toBe(6);
    expect(chunkId('queue', 'run', 0, { round: 0, turn: 0 })).toBe(id);
  });
});
