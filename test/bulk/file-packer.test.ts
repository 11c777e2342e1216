import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { FilePacker } from '../../src/bulk/file-packer.js';

const frame = { before: '{"requests":[', between: ',', after: ']}' };
const requests = fc.array(
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => JSON.stringify(text)),
  {
    minLength: 1,
  },
);

describe('FilePacker', () => {
  test.prop([requests, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 40, max: 400 })])(
    'takes what fits, to the byte, and writes one document of it',
    async (all, maxRequests, maxBytes) => {
      const packer = new FilePacker(frame, { maxRequests, maxBytes });
      const taken: string[] = [];
      for (const request of all) {
        const bytes = new Blob([`{"requests":[${[...taken, request].join(',')}]}`]).size;
        const fits = taken.length < maxRequests && bytes <= maxBytes;
        expect(packer.add(request)).toBe(fits);
        if (fits) taken.push(request);
      }
      expect(packer.requests).toBe(taken.length);
      expect(await packer.finish().text()).toBe(`{"requests":[${taken.join(',')}]}`);
    },
  );

  test('carries requests larger than a piece, and many of them', async () => {
    const large = JSON.stringify('ä€'.repeat(500_000));
    const all = [large, '1', large, ...Array.from({ length: 5_000 }, (_, index) => `"${'x'.repeat(700)}${index}"`)];
    const packer = new FilePacker(frame, { maxRequests: 10_000, maxBytes: 20_000_000 });
    expect(all.every((request) => packer.add(request))).toBe(true);
    expect(await packer.finish().text()).toBe(`{"requests":[${all.join(',')}]}`);
  });
});
