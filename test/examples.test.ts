// The examples as a newcomer runs them: in processes of their own, on the built package.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mockServer, type MockServer } from 'gradelanes/testing-server';
import { beforeAll, describe, expect, test } from 'vitest';
import { deck, type DeckAnswer } from '../examples/deck.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const timeoutMs = 60_000;

interface Outcome {
  exitCode: number;
  stdout: string;
  stderr: string;
}

beforeAll(() => {
  if (!existsSync(`${project}dist/index.js`)) throw new Error('The examples run on dist: npm run build comes first');
});

describe('quickstart.ts', () => {
  test('is at most 20 lines long and grades without key or network', { timeout: timeoutMs }, async () => {
    expect(readFileSync(`${project}examples/quickstart.ts`, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(
      20,
    );
    const { stdout, stderr, exitCode } = await runExample('quickstart.ts');
    expect(stdout).toContain('right: "because ice is less dense"\nwrong: "It is very cold."\nwrong: "I don\'t know"\n');
    expect(stdout).toMatch(/^3 graded in \d+\.\d ms$/m);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });
});

describe('custom-provider.ts', () => {
  test('grades with the provider that works and names the step', { timeout: timeoutMs }, async () => {
    const { stdout, stderr, exitCode } = await runExample('custom-provider.ts');
    expect(
      stdout
        .split('\n')
        .slice(0, 3)
        .map((line) => line.split(':')[0]),
    ).toEqual(['1 by keywords', '0.5 by keywords', '0 by keywords']);
    expect(stdout).toContain('from broken to keywords: the monthly quota is used up');
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });
});

describe('grade-deck.ts', () => {
  test('has a deck of mixed questions and answers of every sort', () => {
    const questions = new Set(deck.map(({ question }) => question));
    expect(questions.size).toBeGreaterThanOrEqual(12);
    expect(new Set([...questions].map(({ kind = 'short_answer' }) => kind)).size).toBe(11);
    expect(deck.length).toBeGreaterThanOrEqual(40);
    expect(new Set(deck.map(({ id }) => id)).size).toBe(deck.length);
    expect(new Set(deck.map(({ sort }) => sort)).size).toBe(9);
  });

  test('shows every answer, passes no hostile one, and sums up', { timeout: timeoutMs }, async () => {
    const { stdout, stderr, exitCode } = await runExample('grade-deck.ts');
    const rows = rowsOf(stdout);
    expect(rows.map(({ answerId }) => answerId)).toEqual(deck.map(({ id }) => id));
    expect(answersWhere(rows, '✓').filter(({ sort }) => sort === 'hostile')).toEqual([]);
    expect(answersWhere(rows, '✓').filter(({ sort }) => sort === 'right').length).toBeGreaterThan(10);
    expect(labelsOf(stdout)).toEqual([
      ...['Graded', 'Teacher', 'To review', 'Mode', 'Time', 'Speed-up', 'Calls', 'Fallbacks', 'Tokens'],
    ]);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });

  test('writes plain lines of at most 80 columns into a pipe', { timeout: timeoutMs }, async () => {
    const { stdout } = await runExample('grade-deck.ts');
    expect(stdout).not.toContain('\u001B');
    expect(stdout).not.toContain('\r');
    expect(stdout).toContain(`${deck.length} of ${deck.length} answers done\n`);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('paints when colours are forced, and not under NO_COLOR', { timeout: timeoutMs }, async () => {
    const painted = await runExample('grade-deck.ts', [], { FORCE_COLOR: '1' });
    const plain = await runExample('grade-deck.ts', [], { NO_COLOR: '1' });
    expect(painted.stdout).toContain('\u001B[32m');
    expect(plain.stdout).not.toContain('\u001B[');
  });

  test('spends no money because a key lies about', { timeout: timeoutMs }, async () => {
    await using server = await mockServer();
    const { stdout } = await runExample('grade-deck.ts', [], vendorEnvironment(server));
    expect(stdout).toContain('graded by the offline grader');
    expect(server.requests).toEqual([]);
  });

  test('compares parallel with sequential on simulated latency, and says so', { timeout: timeoutMs }, async () => {
    const { stdout } = await runExample('grade-deck.ts', ['--simulate-latency', '20']);
    expect(stdout).toMatch(/^ {2}Mode +parallel \(auto\)$/m);
    expect(stdout).toMatch(/^ {2}One by one .*estimate/m);
    expect(Number(/^ {2}Speed-up +([\d.]+) x \(latency is simulated\)$/m.exec(stdout)?.[1])).toBeGreaterThan(1);
  });

  test.for(['anthropic', 'openai'] as const)(
    'asks %s when told to, and counts its calls and tokens',
    { timeout: timeoutMs },
    async (provider) => {
      await using server = await mockServer({ score: (answer) => (answer.includes('server') ? 1 : 0.2) });
      const { stdout, stderr } = await runExample('grade-deck.ts', ['--provider', provider], vendorEnvironment(server));
      expect(stderr).toBe('');
      expect(rowsOf(stdout).length).toBe(deck.length);
      expect(stdout).toMatch(new RegExp(`^✓ Amina +2/2 +${provider} `, 'm'));
      expect(stdout).toMatch(new RegExp(`^  Calls +${server.requests.length},`, 'm'));
      expect(stdout).toMatch(/^ {2}Tokens +[1-9]\d* in, [1-9]\d* out$/m);
      expect(server.peakInFlight).toBeLessThanOrEqual(5);
    },
  );

  test('sends no key to another server unless told which', { timeout: timeoutMs }, async () => {
    await using listener = await listenForKeys();
    const command = ['--provider', 'openai', '--model', 'any', '--base-url', `${listener.url}/v1`];
    const environment = { OPENAI_API_KEY: 'sk-secret', OTHER_KEY: 'sk-other' };
    const { stdout, exitCode } = await runExample('grade-deck.ts', command, environment);
    expect(new Set(listener.keys)).toEqual(new Set(['Bearer none']));
    expect(stdout).toMatch(/^– Farid +not graded \?/m);
    expect(exitCode).toBe(0);
    await runExample('grade-deck.ts', [...command, '--key-variable', 'OTHER_KEY'], environment);
    expect(new Set(listener.keys)).toEqual(new Set(['Bearer none', 'Bearer sk-other']));
  });

  test('explains itself, and says what is wrong with a command line', { timeout: timeoutMs }, async () => {
    const help = await runExample('grade-deck.ts', ['--help']);
    expect(help.stdout).toContain('--simulate-latency MS');
    const mistakes = [
      { words: ['--provider', 'anthropic'], says: 'ANTHROPIC_API_KEY' },
      { words: ['--provider', 'oracle'], says: '--provider must be offline, anthropic, openai' },
      { words: ['--concurrency', '11'], says: 'maxConcurrentTasks must be an integer from 1 to 10: received 11' },
    ];
    for (const { words, says } of mistakes) {
      const { stderr, exitCode } = await runExample('grade-deck.ts', words);
      expect(stderr).toContain(says);
      expect(exitCode).toBe(2);
    }
  });
});

describe('evaluate-grader.ts', () => {
  test('evaluates the offline grader on its own answers and writes a report', { timeout: timeoutMs }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evaluate-grader-'));
    try {
      const out = join(folder, 'report.html');
      const { stdout, stderr, exitCode } = await runExample('evaluate-grader.ts', ['--out', out]);
      expect(stdout).toContain('60 answers of marked-answers.jsonl, graded by the offline grader\n');
      expect(stdout).toMatch(/^ {2}Weighted kappa {2}0\.\d\d \(0\.\d\d to 0\.\d\d\)$/m);
      expect(readFileSync(out, 'utf8')).toContain('</html>');
      expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('says which line of a file is wrong', { timeout: timeoutMs }, async () => {
    const { stderr, exitCode } = await runExample('evaluate-grader.ts', ['package.json']);
    expect(stderr).toContain('package.json:1 is not JSON');
    expect(exitCode).toBe(2);
  });
});

describe('anthropic.ts and openai.ts', () => {
  test.for(['anthropic.ts', 'openai.ts'])('%s grades through the real SDK', { timeout: timeoutMs }, async (file) => {
    await using server = await mockServer({ score: (answer) => (answer.includes('2 out of 2') ? 0 : 1) });
    const { stdout, stderr, exitCode } = await runExample(file, [], vendorEnvironment(server));
    expect(server.requests.length).toBe(3);
    expect(stdout.split('\n').filter((line) => /^\d\/\d /.test(line)).length).toBe(3);
    expect(stdout).toContain('3 calls');
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });
});

describe('cache-postgres.ts', () => {
  test('asks the model on the first evening only', async () => {
    const { stdout, stderr, exitCode } = await runExample('cache-postgres.ts');
    expect({ stdout, stderr, exitCode }).toEqual({
      stdout: 'first evening: 3 calls, 0 grades from the cache\nsecond evening: 0 calls, 3 grades from the cache\n',
      stderr: '',
      exitCode: 0,
    });
  });
});

describe('vendor-batch.ts', () => {
  test('hands in, comes back with a stored handle, and grades what expired live', { timeout: timeoutMs }, async () => {
    const { stdout, stderr, exitCode } = await runExample('vendor-batch.ts');
    expect(stdout.split('\n')).toEqual([
      'handed in 3 of 4 answers, the others need no model',
      '0 of 3 done',
      '0 of 3 done',
      'the batch has ended',
      'learner 1: 1 by llm',
      'learner 2: 0 by llm',
      'learner 3: 1 by llm',
      'learner 4: 0 by rule',
      '1 of them live, since its request expired',
      '',
    ]);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });
});

function runExample(
  file: string,
  words: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { cwd: project, env: { PATH: process.env['PATH'] ?? '', ...environment } };
    const child = execFile(process.execPath, [`examples/${file}`, ...words], options, (_, stdout, stderr) => {
      resolve({ exitCode: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

function vendorEnvironment({ url }: MockServer): Record<string, string> {
  return {
    ANTHROPIC_API_KEY: 'test',
    ANTHROPIC_BASE_URL: url,
    OPENAI_API_KEY: 'test',
    OPENAI_BASE_URL: `${url}/v1`,
  };
}

/** The table, read back: a line that begins with a question's id heads the answers to it. */
function rowsOf(stdout: string): readonly { sign: string; answerId: string }[] {
  const questionIds = new Set(deck.map(({ question }) => question.id));
  let questionId: string | undefined;
  return stdout.split('\n').flatMap((line) => {
    const [first = '', second = ''] = line.split(/ +/);
    if (questionIds.has(first)) questionId = first;
    return /^[✓✗–]$/.test(first) ? [{ sign: first, answerId: `${second}/${questionId}` }] : [];
  });
}

function answersWhere(rows: ReturnType<typeof rowsOf>, sign: string): readonly DeckAnswer[] {
  return deck.filter((_, index) => rows[index]?.sign === sign);
}

function labelsOf(stdout: string): readonly string[] {
  const summary = stdout.slice(stdout.indexOf('\nSummary\n'));
  return [...summary.matchAll(/^ {2}(\S.*?) {2,}/gm)].map(([, label = '']) => label);
}

/** A server that is no vendor: it turns everybody away, and remembers the keys they came with. */
async function listenForKeys(): Promise<AsyncDisposable & { url: string; keys: readonly (string | undefined)[] }> {
  const keys: (string | undefined)[] = [];
  const listener = createServer((request, response) => {
    keys.push(request.headers.authorization);
    request.resume();
    response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"message":"no"}}');
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : ''}`,
    keys,
    [Symbol.asyncDispose]: async () => {
      listener.closeAllConnections();
      listener.close();
      await once(listener, 'close');
    },
  };
}
