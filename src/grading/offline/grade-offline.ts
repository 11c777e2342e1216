import { cautionsFor, confidenceIn } from './cautions.js';
import { feedbackFor, rationaleFor } from './feedback.js';
import { gradePart, type PartGrade } from './grade-part.js';
import { matchedWords } from './matched-words.js';
import type { PreparedQuestion } from './prepared-question.js';

/** What the offline grader makes of an answer. */
export interface OfflineGrade {
  /** 0..1; the cut lies at 0.5. */
  score: number;
  /** 0..1 */
  confidence: number;
  /** Absent where nothing speaks against the grade. */
  flags?: readonly string[];
  feedback: string;
  rationale: string;
  /** The learner's own words that a model answer has; absent where there are none. */
  evidence?: readonly string[];
}

/** Grades one answer, or says why it cannot. */
export function gradeOffline(question: PreparedQuestion, answer: string): OfflineGrade | string {
  const texts = textsFor(question, answer);
  if (texts === undefined) return `the offline grader expects one line for each of the ${question.parts.length} blanks`;
  const grades = question.parts.map((part, index) => gradePart(question, part, texts[index] ?? ''));
  if (isUnreadableChoice(question, grades)) return 'the offline grader found none of the options in the answer';
  const score = combinedScore(question, grades);
  const cautions = cautionsFor(question, grades, answer);
  const evidence = matchedWords(question, grades, answer);
  return {
    score,
    ...(evidence.length > 0 && { evidence }),
    confidence: confidenceIn(score, cautions),
    ...(cautions.length > 0 && { flags: cautions }),
    feedback: feedbackFor(question, grades, score),
    rationale: rationaleFor(question, grades),
  };
}

/** The text that each part is compared with. */
function textsFor({ isLineByLine, parts }: PreparedQuestion, answer: string): readonly string[] | undefined {
  if (!isLineByLine) return parts.map(() => answer);
  const lines = answer.split(/[\n;]/);
  return lines.length === parts.length ? lines : undefined;
}

/** An answer that names no option may name one by letter or number: unread, not wrong. */
function isUnreadableChoice({ source, parts }: PreparedQuestion, grades: readonly PartGrade[]): boolean {
  if (source !== 'options') return false;
  return grades.some(
    (grade, index) => grade.by === 'comparison' && grade.nearest.similarity < (parts[index]?.cut ?? 1),
  );
}

function combinedScore({ parts, allOrNothing }: PreparedQuestion, grades: readonly PartGrade[]): number {
  const scores = grades.map(({ score }) => score);
  const lowest = Math.min(...scores);
  if (allOrNothing) return lowest < 0.5 ? 0 : lowest;
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  const weighted = parts.reduce((sum, { weight }, index) => sum + weight * (scores[index] ?? 0), 0);
  return total > 0 ? Math.min(1, weighted / total) : lowest;
}
