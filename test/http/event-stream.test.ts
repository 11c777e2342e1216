import { manualClock } from 'gradelanes/testing';
import { describe, expect, test } from 'vitest';
import { eventStream, type SendEvent } from '../../src/http/event-stream.js';

describe('eventStream()', () => {
  test('begins at once, keeps the stream open with comments, and ends with its producer', async () => {
    const clock = manualClock();
    const produced = Promise.withResolvers<void>();
    let send: SendEvent = () => {};
    const stream = eventStream(
      (each) => {
        send = each;
        return produced.promise;
      },
      { heartbeatMs: 15_000, clock, onLeave: () => expect.unreachable('nobody left') },
    );
    await clock.advance(30_000);
    send('progress', { completed: 1, text: 'two\nlines' });
    produced.resolve();
    expect(await new Response(stream).text()).toBe(
      ':\n\n:\n\n:\n\nevent: progress\ndata: {"completed":1,"text":"two\\nlines"}\n\n',
    );
    expect(clock.pendingTimers).toBe(0);
  });

  test('tells when its reader leaves, and then sends nothing', async () => {
    const clock = manualClock();
    const log: string[] = [];
    const produced = Promise.withResolvers<void>();
    let send: SendEvent = () => {};
    const stream = eventStream(
      (each) => {
        send = each;
        return produced.promise;
      },
      { heartbeatMs: 15_000, clock, onLeave: () => log.push('left') },
    );
    await stream.cancel();
    send('progress', {});
    produced.resolve();
    await produced.promise;
    expect(log).toEqual(['left']);
    expect(clock.pendingTimers).toBe(0);
  });
});
