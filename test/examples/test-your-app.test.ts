// What examples/test-your-app promises beside its own vitest suite: Node's test runner, and a try by hand, both on the
// built package.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';

const nodeSuite = new URL('../../examples/test-your-app/review-app.node-test.mjs', import.meta.url);
const tryIt = new URL('../../examples/test-your-app/try-it.ts', import.meta.url);
const timeoutMs = 60_000;

beforeAll(() => {
  const built = new URL('../../dist/testing.js', import.meta.url);
  if (!existsSync(built)) throw new Error('The examples run on dist: npm run build comes first');
});

test("the same kit passes in Node's own test runner", { timeout: timeoutMs }, async () => {
  const { stdout, exitCode } = await runNode(['--test', '--test-reporter=tap', fileURLToPath(nodeSuite)]);
  expect(stdout).toMatch(/^# pass 21$/m);
  expect(stdout).toMatch(/^# fail 0$/m);
  expect(exitCode, stdout).toBe(0);
});

test.for([
  { faults: undefined, status: '200', verdicts: ['right', 'right', 'right'] },
  { faults: 'auth,auth', status: '200', verdicts: ['not graded yet', 'right', 'not graded yet'] },
])('a review by hand, with the faults $faults', { timeout: timeoutMs }, async ({ faults, status, verdicts }) => {
  const { stdout, stderr, exitCode } = await runNode([fileURLToPath(tryIt)], { REVIEW_FAULTS: faults });
  expect(stdout.split(' ')[0]).toBe(status);
  expect([...stdout.matchAll(/verdict: '([^']+)'/g)].map(([, verdict]) => verdict)).toEqual(verdicts);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
});

function runNode(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env['PATH'] ?? '', ...environment } };
    const child = execFile(process.execPath, words, options, (_, stdout, stderr) => {
      resolve({ exitCode: child.exitCode ?? -1, stdout, stderr });
    });
  });
}
