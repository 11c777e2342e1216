import type { ServerResponse } from 'node:http';
import type { WireReply } from './wire-reply.js';

/** Between two bytes of a body that drips: fast enough for an idle timer, slow enough to last for seconds. */
const DRIP_MS = 20;

/** Sends a reply, or as much of it as the fault allows. */
export function deliver(reply: WireReply, outgoing: ServerResponse): void {
  if (outgoing.destroyed || reply.delivery === 'hang') return;
  if (reply.delivery === 'reset') {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  const bytes = Buffer.from(reply.body);
  const firstHalf = bytes.subarray(0, Math.floor(bytes.length / 2));
  const isHalfAWhole = reply.delivery === 'half';
  const length = isHalfAWhole ? firstHalf.length : bytes.length;
  outgoing.writeHead(reply.status, { ...reply.headers, 'content-length': String(length) });
  if (reply.delivery === 'stallBody') outgoing.write(firstHalf);
  else if (reply.delivery === 'dripBody') drip(bytes, outgoing);
  else if (reply.delivery === 'resetMidBody') outgoing.write(firstHalf, () => outgoing.destroy());
  else outgoing.end(isHalfAWhole ? firstHalf : bytes);
}

/** Waits, but no longer than the connection lasts. */
export async function delayWhileOpen(delayMs: number, outgoing: ServerResponse): Promise<void> {
  if (delayMs <= 0 || outgoing.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      outgoing.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    outgoing.on('close', done);
  });
}

function drip(bytes: Buffer, outgoing: ServerResponse): void {
  let sent = 0;
  const timer = setInterval(() => {
    outgoing.write(bytes.subarray(sent, ++sent));
    if (sent < bytes.length) return;
    clearInterval(timer);
    outgoing.end();
  }, DRIP_MS);
  outgoing.once('close', () => clearInterval(timer));
}
