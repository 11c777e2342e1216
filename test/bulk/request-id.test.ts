import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { checksumOf, readRequestId, writeRequestId } from '../../src/bulk/request-id.js';

const runIds = fc.stringMatching(/^[\w-]{1,40}$/);
const keys = fc.stringMatching(/^[a-z][a-z0-9]{5}$/);
const answers = fc.record({ question: fc.record({ prompt: fc.string() }), answer: fc.string() });

describe('request ids', () => {
  test.prop([runIds, fc.nat(10_000_000), keys, answers])(
    'fit both vendors and give back what was written',
    (runId, index, key, answer) => {
      const id = { index, key, checksum: checksumOf(answer) };
      const written = writeRequestId(runId, id);
      expect(written).toMatch(/^[\w-]{1,64}$/);
      expect(readRequestId(written, runId)).toEqual(id);
    },
  );

  test.prop([runIds, runIds])('are not read as those of another run', (runId, other) => {
    fc.pre(runId !== other);
    const written = writeRequestId(runId, { index: 7, key: 'abcdef', checksum: '1z' });
    expect(readRequestId(written, other)).toBeUndefined();
  });

  test('tell answers apart, and questions', () => {
    const question = { prompt: 'Why?' };
    const sums = [
      { question, answer: 'a' },
      { question, answer: 'b' },
      { question: { prompt: 'How?' }, answer: 'a' },
      { question, answer: ['a', 'b'] },
    ].map(checksumOf);
    expect(new Set(sums).size).toBe(4);
  });
});
