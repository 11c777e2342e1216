import { gradeAnswersWithFallback } from 'gradelanes';
import { mockProvider } from 'gradelanes/testing';
import { expect, test } from 'vitest';
import { showProgress } from '../../../examples/grade-deck/show-progress.ts';

test('showProgress rewrites one line on a terminal and takes it away at the end', async () => {
  const { written } = await gradeWithProgress(4, true);
  expect(written).not.toContain('\n');
  expect(written).toContain('\u001B[2K████████████░░░░░░░░░░░░ 2 of 4 answers, calls in flight: ');
  expect(written).toContain(' 4 of 4 answers, calls in flight: 0');
  expect(written.endsWith('\r\u001B[2K')).toBe(true);
});

test('showProgress writes a plain line now and then into a pipe', async () => {
  const { written } = await gradeWithProgress(23, false);
  expect(written).toBe('10 of 23 answers done\n20 of 23 answers done\n23 of 23 answers done\n');
});

async function gradeWithProgress(answerCount: number, isTTY: boolean): Promise<{ written: string }> {
  let written = '';
  const write = (text: string | Uint8Array): boolean => {
    written += String(text);
    return true;
  };
  const progress = showProgress({ isTTY, write }, answerCount);
  const question = { prompt: 'Why does ice float?' };
  const answers = Array.from({ length: answerCount }, (_, index) => ({ question, answer: `because of ${index}` }));
  const { onEvent, onProgress } = progress;
  await gradeAnswersWithFallback(answers, { provider: mockProvider(), onEvent, onProgress });
  progress.end();
  return { written };
}
