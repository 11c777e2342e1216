import type { GradingResult, Question } from 'gradelanes';
import type { DeckAnswer } from '../deck.ts';
import { fitText } from './fit-text.ts';
import { isDoubtful, isUnlikeTeacher } from './judge-grade.ts';
import type { Paint } from './painter.ts';

/** What the table is drawn on. */
export interface TableStyle {
  /** Characters in a line. */
  width: number;
  paint: Paint;
}

const COLUMN_WIDTHS = [2, 8, 7, 11, 3];
const FEEDBACK_INDENT = 10;
const LEFT_WIDTH = COLUMN_WIDTHS.reduce((sum, width) => sum + width, 0);

/** Under a line per question, a line per answer and one for its feedback. */
export function renderTable(deck: readonly DeckAnswer[], results: readonly GradingResult[], style: TableStyle): string {
  const lines = ['', style.paint('dim', `${inColumns(['', 'Learner', 'Marks', 'Graded by', ''])}Answer`)];
  let question: Question | undefined;
  for (const [index, answer] of deck.entries()) {
    const result = results[index];
    if (result === undefined) continue;
    if (answer.question !== question) lines.push('', questionLine(answer.question, style));
    question = answer.question;
    lines.push(...answerLines(answer, result, style));
  }
  return [...lines, ''].join('\n');
}

function questionLine({ id = '', prompt }: Question, { width, paint }: TableStyle): string {
  return `${paint('bold', id)}  ${fitText(prompt, width - id.length - 2)}`;
}

function answerLines(answer: DeckAnswer, result: GradingResult, { width, paint }: TableStyle): readonly string[] {
  const flags = `${isDoubtful(result) ? '?' : ''}${isUnlikeTeacher(answer, result) ? '≠' : ''}`;
  const left = inColumns([signOf(result), answer.learnerId, marksOf(result), graderOf(result), flags]);
  const text = [answer.answer].flat().join(', ') || '(blank)';
  const feedback = fitText(feedbackOf(result), width - FEEDBACK_INDENT);
  return [
    paint(colourOf(result), left) + fitText(text, width - LEFT_WIDTH),
    ...(feedback === '' ? [] : [' '.repeat(FEEDBACK_INDENT) + paint('dim', feedback)]),
  ];
}

function signOf(result: GradingResult): string {
  if (result.status === 'failed') return '–';
  return result.isCorrect ? '✓' : '✗';
}

function colourOf(result: GradingResult): 'green' | 'red' | 'yellow' {
  if (result.status === 'failed') return 'yellow';
  return result.isCorrect ? 'green' : 'red';
}

function marksOf(result: GradingResult): string {
  return result.status === 'failed' ? '' : `${Number(result.scoreGiven.toFixed(2))}/${result.scoreMaximum}`;
}

/** A provider that is not local counts as a language model: its name says more. */
function graderOf(result: GradingResult): string {
  if (result.status === 'failed') return 'not graded';
  return result.gradedBy === 'llm' ? (result.provider ?? 'llm') : result.gradedBy;
}

function feedbackOf(result: GradingResult): string {
  return result.status === 'failed' ? `${result.error.code}: ${result.error.message}` : (result.feedback ?? '');
}

function inColumns(cells: readonly string[]): string {
  return cells
    .map((cell, index) => {
      const width = COLUMN_WIDTHS[index] ?? cell.length;
      return fitText(cell, width - 1).padEnd(width);
    })
    .join('');
}
