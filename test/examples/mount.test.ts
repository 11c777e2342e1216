// The mount for Node as a newcomer starts it, in a process of its own, on the built package.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';
import { expectReadsBodies, expectReviewServer } from '../http/server-contract.js';

const project = fileURLToPath(new URL('../..', import.meta.url));

describe('examples/mount/node.ts', () => {
  test('serves the review routes', async () => {
    const child = spawn(process.execPath, ['examples/mount/node.ts', '0'], {
      cwd: project,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    try {
      const [line]: unknown[] = await once(child.stdout, 'data');
      const { origin } = new URL(String(line).trim());
      await expectReviewServer(origin);
      await expectReadsBodies(origin);
    } finally {
      child.kill();
      await ended;
    }
  });
});
