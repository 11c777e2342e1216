import { expect, test } from 'vitest';
import { showBulkProgress } from '../../../examples/bulk/show-bulk-progress.ts';

test('showBulkProgress rewrites one line on a terminal, above which it says what happens', () => {
  const written = writtenOn(true);
  expect(written).toContain('\u001B[2K████████████░░░░░░░░░░░░ 50 of 100 answers, ');
  expect(written).toContain('\u001B[2Kworker 1 was killed\n');
  expect(written.split('\n')).toHaveLength(2);
  expect(written.endsWith('\r\u001B[2K')).toBe(true);
});

test('showBulkProgress writes plain lines into a pipe, one for every tenth', () => {
  const lines = writtenOn(false).replaceAll(/\d+ a second/g, 'n a second');
  expect(lines).toBe(
    '50 of 100 answers, n a second\nworker 1 was killed\n62 of 100 answers, n a second\n100 of 100 answers, n a second\n',
  );
});

function writtenOn(isTTY: boolean): string {
  let written = '';
  const write = (text: string | Uint8Array): boolean => {
    written += String(text);
    return true;
  };
  const display = showBulkProgress({ isTTY, write });
  const show = (graded: number, failed: number): void =>
    display.show({
      runId: 'run',
      total: 100,
      graded,
      failed,
      isCancelled: false,
      deadline: new Date(0),
      isOver: false,
    });
  show(4, 1);
  show(50, 0);
  display.say('worker 1 was killed');
  show(55, 1);
  show(60, 2);
  show(100, 0);
  display.end();
  return written;
}
