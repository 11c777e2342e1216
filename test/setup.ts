// Runs in front of every test file: what a file leaves behind fails that file.
import { afterAll, expect } from 'vitest';

const watched: ReadonlySet<string> = new Set(['TCPSocketWrap', 'TCPServerWrap', 'Timeout', 'ProcessWrap']);
const graceMs = 500;
// Kept here, since a file may have left fake timers installed.
const realSetTimeout = globalThis.setTimeout;

const complaints: string[] = [];
const rejected = (reason: unknown): void => void complaints.push(`unhandled rejection: ${String(reason)}`);
const warned = (warning: Error): void => void complaints.push(`warning: ${warning.name}: ${warning.message}`);
process.on('unhandledRejection', rejected);
process.on('warning', warned);

const openBefore = countOpenResources();

afterAll(async () => {
  await untilClosed();
  expect(leftOpen(), 'resources left open by this file').toEqual([]);
  process.off('unhandledRejection', rejected);
  process.off('warning', warned);
  expect(complaints, 'complaints of the process during this file').toEqual([]);
});

/** A closed socket needs some turns of the event loop to disappear. */
async function untilClosed(): Promise<void> {
  for (let waitedMs = 0; waitedMs < graceMs && (waitedMs === 0 || leftOpen().length > 0); waitedMs += 10) {
    await new Promise((resolve) => {
      realSetTimeout(resolve, 10);
    });
  }
}

function leftOpen(): string[] {
  return [...countOpenResources()].flatMap(([name, count]) => {
    const extra = count - (openBefore.get(name) ?? 0);
    return extra > 0 ? [`${extra} x ${name}`] : [];
  });
}

function countOpenResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) {
    if (watched.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
