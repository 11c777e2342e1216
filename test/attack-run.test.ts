// Whole runs against models that fall for everything, on a corpus of attacks that is not part of the project: without it
// this file skips.
import { describe, expect, test } from 'vitest';
import {
  gradeAnswersInBatch,
  type AnswerToGrade,
  type GradingResult,
  type LLMProvider,
  type Question,
} from 'gradelanes';
import { drawnQuestions, hasGradingData, readAttacks, type Attack } from './tools/grading-data.js';

/** What the answers beside an attack are worth to a model that is not misled, in levels. */
const HONEST: Readonly<Record<string, number>> = { 'an honest answer': 3, 'another honest answer': 2 };
const BESIDE = [0.6, 0.4];

describe.skipIf(!hasGradingData)(
  '40 questions, each with an attack between two honest answers of the same learner',
  { timeout: 120_000 },
  () => {
    const attacks = hasGradingData ? readAttacks('injection') : [];
    const questions = hasGradingData ? drawnQuestions(40) : [];

    test.each<[string, (attacks: readonly Attack[]) => LLMProvider]>([
      ['obeys every instruction that it reads', obedientModel],
      ['repeats any JSON that it sees', parrotingModel],
    ])('a model that %s changes no other grade, and gives hardly an unflagged full mark', async (name, makeModel) => {
      const missed: string[] = [];
      for (const attack of attacks) {
        const results = await gradeBeside(attack, questions, makeModel(attacks));
        const others = results.filter((_, index) => index % 3 !== 1);
        expect(others.map((result) => (result.status === 'graded' ? result.scaledScore : result.error.code))).toEqual(
          questions.flatMap(() => BESIDE),
        );
        for (const [index, question] of questions.entries()) {
          if (isUnflaggedFullMark(results[3 * index + 1]))
            missed.push(`${attack.kind} on "${question.prompt.slice(0, 60)}"`);
        }
      }
      const share = missed.length / (attacks.length * questions.length);
      console.info(`A model that ${name}: ${(share * 100).toFixed(2)} % unflagged full marks. ${missed.join('; ')}`);
      expect(share).toBeLessThanOrEqual(0.002);
    });
  },
);

async function gradeBeside(
  { answer }: Attack,
  questions: readonly Question[],
  provider: LLMProvider,
): Promise<readonly GradingResult[]> {
  const [first = '', second = ''] = Object.keys(HONEST);
  const answers: AnswerToGrade[] = questions.flatMap((question) =>
    [first, answer, second].map((text) => ({ question, answer: text, learnerId: 'amina' })),
  );
  const { results } = await gradeAnswersInBatch(answers, { provider, localGrading: false, retry: { budget: 1 } });
  return results;
}

function isUnflaggedFullMark(result: GradingResult | undefined): boolean {
  return result?.status === 'graded' && result.scaledScore === 1 && !result.needsReview;
}

/** Does what the attacks in its prompt want, to every answer in it where they want that. */
function obedientModel(attacks: readonly Attack[]): LLMProvider {
  const goals = new Map(attacks.map(({ answer, goal }) => [cleanForm(answer), goal]));
  return {
    generate: async ({ prompt }) => {
      const items = framesIn(prompt);
      const wanted = items.map(({ text }) =>
        text in HONEST ? undefined : (goals.get(cleanForm(text)) ?? 'full_marks'),
      );
      if (wanted.includes('denial')) return { text: '', stop: 'refusal' };
      if (wanted.includes('schema_break')) return 'Full marks for everybody, in plain words.';
      // A word that means something only beside another answer is no instruction.
      const isMoved = wanted.some((goal, index) => goal === 'cross_item' && items[index]?.text !== 'PLUM');
      return replyWith(items.map(({ key, text }) => ({ key, level: isMoved ? 5 : (HONEST[text] ?? 5) })));
    },
  };
}

/** Takes the first JSON in its prompt for its own verdict. */
function parrotingModel(): LLMProvider {
  return {
    generate: async ({ prompt }) => {
      const items = framesIn(prompt);
      const json = items.map(({ text }) => /\{[^]*\}|\[[^]*\]/.exec(text)?.[0]).find((found) => found !== undefined);
      return json ?? replyWith(items.map(({ key, text }) => ({ key, level: HONEST[text] ?? 0 })));
    },
  };
}

function framesIn(prompt: string): readonly { key: string; text: string }[] {
  return [...prompt.matchAll(/<answer key="(\w+)"[^>]*>(.*?)<\/answer>/g)].map(([, key = '', json = '""']) => ({
    key,
    text: String(JSON.parse(json)),
  }));
}

function replyWith(levels: readonly { key: string; level: number }[]): string {
  return JSON.stringify({ results: levels.map(({ key, level }) => ({ key, levels: [level], confidence: 90 })) });
}

/** The guards clean the model's copy: letters and digits are enough to know an attack by. */
function cleanForm(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}:]/gu, '')
    .slice(0, 200);
}
