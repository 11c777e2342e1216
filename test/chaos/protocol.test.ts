import { gradeAnswersConcurrently } from 'gradelanes';
import type { MockReply, MockRequest, MockServer } from 'gradelanes/testing-server';
import { describe, expect, test } from 'vitest';
import { objectOf } from '../../src/json/untyped-json.js';
import { outcomes, positionOf } from '../sample-answers.js';
import { COUNT, eventsOf, everyNth, useWire } from './use-wire.js';
import { startEndlessServer } from './endless-server.js';
import { endpoints } from './vendors.js';

const { start, run } = useWire();

/**
 * To write, pack and unpack megabytes takes real time, which the run's clock makes minutes of: the call is to end by its
 * size, not by its time, nor by a second copy that is quicker.
 */
const TAKES_REAL_TIME = { attemptTimeoutMs: 600_000, hedge: false } as const;

/** The level of the right mark, from 0 to 5. */
const levelOf = ({ answers: [answer = ''] }: MockRequest): number => positionOf({ answer }) % 6;

/** The first reply about every third answer is this text. */
function everyThirdSays(textFor: (level: number) => string): (request: MockRequest) => MockReply | undefined {
  return (request) => everyNth(3, { text: textFor(levelOf(request)) })(request);
}

/** How many output tokens the requests about an answer allow. */
function tokenLimits({ requests }: MockServer, answer: string): readonly number[] {
  return requests
    .filter(({ answers }) => answers.includes(answer))
    .map(({ body }) => {
      const { max_output_tokens: responses, max_tokens: others } = objectOf(body);
      return Number(responses ?? others);
    });
}

describe.each(endpoints)('replies of $name that are not what they should be', ({ provider, bareReply }) => {
  /** Every third answer meets it once; the four calls end like this, and four more bring the grades. */
  async function expectOneMore(reply: MockReply, outcomesSeen: readonly string[]): Promise<void> {
    const server = await start({ respond: everyNth(3, reply) });
    const { report, events } = await run([server], { provider: provider(server.url) });
    expect(report.metrics).toMatchObject({ gradedCount: COUNT, requests: 16, retries: 4, fallbacks: [] });
    const faults = eventsOf(events, 'call-ended').filter(({ outcome }) => outcome !== 'ok');
    expect(faults).toHaveLength(4);
    for (const { outcome } of faults) expect(outcomesSeen).toContain(outcome);
  }

  test('32: a web page with status 200 is a fault of the server, and costs one retry', async () => {
    await expectOneMore({ fault: 'html' }, ['server']);
  });

  test.each<[string, MockReply]>([
    ['an empty body', { fault: 'empty' }],
    ['a 204', { status: 204 }],
  ])('33: %s costs one retry', async (_, reply) => {
    await expectOneMore(reply, ['server', 'network']);
  });

  test('34: a byte-order mark and a code fence are taken off; broken JSON is asked for once more, never mended', async () => {
    const wrapped = await start({
      respond: everyThirdSays((level) => `\uFEFF\`\`\`json\n{"results":[{"levels":[${level}]}]}\n\`\`\``),
    });
    const clean = await run([wrapped], { provider: provider(wrapped.url) });
    expect(clean.report.metrics).toMatchObject({ gradedCount: COUNT, requests: COUNT });

    for (const broken of [
      '{"results":[{"levels":[5],}]}',
      '{"results":[{"levels":[5]',
      'Full marks: {"results":[{"levels":[5]}]}',
    ]) {
      const server = await start({ respond: everyThirdSays(() => broken) });
      const { report } = await run([server], { provider: provider(server.url) });
      expect(report.metrics).toMatchObject({ gradedCount: COUNT, requests: 16, retries: 4, fallbacks: [] });
    }
  });

  test('35: a reply cut at the token limit is asked for once more with more room, and is never a score', async () => {
    const once = await start({ respond: everyNth(3, { fault: 'length' }) });
    const { report } = await run([once], { provider: provider(once.url) });
    expect(report.metrics).toMatchObject({ gradedCount: COUNT, requests: 16 });
    const [first = 0, second = 0] = tokenLimits(once, 'answer 3');
    expect(second).toBeGreaterThan(first);

    const always = await start({
      respond: ({ answers }) => (answers.includes('answer 7') ? { fault: 'length' } : undefined),
    });
    const cut = await run([always], { provider: provider(always.url) });
    expect(cut.report.metrics).toMatchObject({ gradedCount: COUNT - 1, requests: COUNT + 3 });
    // Twice in parallel, twice as the last attempt on its own.
    expect(cut.report.results[7]).toMatchObject({ status: 'failed', attempts: 4, error: { code: 'truncated' } });
  });

  test('36: an error event in a stream with status 200 is a failure, not a success', async () => {
    const body = 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n';
    await expectOneMore({ status: 200, body, headers: { 'content-type': 'text/event-stream' } }, ['server']);
  });

  test('37: fields that are unknown do no harm', async () => {
    const server = await start({
      respond: everyThirdSays(
        (level) => `{"results":[{"mood":"good","levels":[${level}],"score":99}],"total":99,"results2":[]}`,
      ),
    });
    const { report } = await run([server], { provider: provider(server.url) });
    expect(report.metrics).toMatchObject({ gradedCount: COUNT, requests: COUNT });
  });

  // Which of the two counts is for the parser to say, so neither does: even where the last one is the right mark.
  test.each<[string, (level: number) => string]>([
    ['levels', (level) => `{"results":[{"levels":[0],"levels":[${level}]}]}`],
    ['the same levels', (level) => `{"results":[{"levels":[${level}],"levels":[${level}]}]}`],
    ['levels, once with an escape,', (level) => `{"results":[{"levels":[0],"l\\u0065vels":[${level}]}]}`],
    ['results', (level) => `{"results":[{"levels":[0]}],"results":[{"levels":[${level}]}]}`],
  ])('37: %s said twice are asked for once more, and are never a score', async (_, textFor) => {
    const server = await start({ respond: everyThirdSays(textFor) });
    const { report, events } = await run([server], { provider: provider(server.url) });
    expect(report.metrics).toMatchObject({ gradedCount: COUNT, requests: 16, retries: 4, fallbacks: [] });
    for (const { index, attempts } of report.results) expect(attempts).toBe(index % 3 === 0 ? 2 : 1);
    const retried = eventsOf(events, 'call-ended').filter(({ attempt }) => attempt === 2);
    expect(retried.flatMap(({ indices }) => indices).toSorted()).toEqual([0, 3, 6, 9]);
  });

  test('38: a body of 20 MB is not read to its end', async () => {
    const server = await start({ respond: everyNth(6, { verdicts: [{ feedback: 'x'.repeat(20_000_000) }] }) });
    const options = { provider: provider(server.url), ...TAKES_REAL_TIME };
    const { report, events } = await run([server], options);
    expect(report.metrics).toMatchObject({ gradedCount: COUNT, requests: COUNT + 2, fallbacks: [] });
    expect(server.requests.filter(({ status }) => status === 'aborted')).toHaveLength(2);
    const faults = eventsOf(events, 'call-ended').filter(({ outcome }) => outcome !== 'ok');
    expect(faults.map(({ outcome }) => outcome)).toEqual(['malformed', 'malformed']);
  });

  test.each([
    ['in chunks', 'identity'],
    ['in chunks and as gzip', 'gzip'],
  ] as const)('38: a body without end that comes %s is not read on', async (_, encoding) => {
    const [server, endless] = [await start(), await startEndlessServer(encoding)];
    const met = new Set<number>();
    const fetchOnceEndless: typeof fetch = (input, init) => {
      const body = typeof init?.body === 'string' ? init.body : '';
      const answer = positionOf({ answer: /answer \d+/.exec(body)?.[0] ?? '' });
      if (answer % 6 !== 0 || met.has(answer)) return fetch(input, init);
      met.add(answer);
      return fetch(endless.url, init);
    };
    const { report, events } = await run([server], {
      provider: provider(server.url, { fetch: fetchOnceEndless }),
      ...TAKES_REAL_TIME,
      everyCallArrives: false,
    });
    expect(report.metrics).toMatchObject({ gradedCount: COUNT, requests: COUNT + 2, fallbacks: [] });
    const faults = eventsOf(events, 'call-ended').filter(({ outcome }) => outcome !== 'ok');
    expect(faults.map(({ outcome }) => outcome)).toEqual(['malformed', 'malformed']);
    await expect.poll(() => endless.openRequests).toBe(0);
    // Each is the cap, and what the system takes ahead on both sides.
    expect(endless.sentBytes).toBeLessThan(2 * 25_000_000);
  });

  test('39: a broken compression costs one retry', async () => {
    await expectOneMore({ status: 200, body: 'this is no gzip', headers: { 'content-encoding': 'gzip' } }, ['network']);
  });

  test('40: another model and no usage are a grade all the same, and what was not told is undefined, not 0', async () => {
    const server = await start({
      respond: (request) => ({
        status: 200,
        body: bareReply('another-model', `{"results":[{"levels":[${levelOf(request)}]}]}`),
      }),
    });
    const { report } = await run([server], { grade: gradeAnswersConcurrently, provider: provider(server.url) });
    expect(outcomes(report).every((outcome) => typeof outcome === 'number')).toBe(true);
    expect(report.metrics.usage).toBeUndefined();
    for (const result of report.results) {
      expect(result).toMatchObject({ status: 'graded', model: 'another-model' });
      expect(result.usage).toBeUndefined();
    }
  });
});
