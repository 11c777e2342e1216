import { describe, expect, test } from 'vitest';
import { gradeAnswersWithFallback, promptGrader, type GradingOptions, type LLMProvider } from 'gradelanes';
import { mockLLM, mockProvider, type MockLLM } from 'gradelanes/testing';
import { bindProviders } from '../../../src/engine/providers/bound-provider.js';
import { resolveOptions } from '../../../src/input/resolve-options.js';
import { sampleAnswers } from '../../sample-answers.js';

const bind = (options: GradingOptions) => bindProviders(resolveOptions(options));

async function systemOf(model: MockLLM, options: Partial<GradingOptions> = {}): Promise<string> {
  await gradeAnswersWithFallback(sampleAnswers(1), { provider: model, localGrading: false, ...options });
  return model.calls.at(-1)?.request.system ?? '';
}

describe('a provider of a run', () => {
  test('has its place, its name and its capabilities', () => {
    const local = mockProvider(1, { name: 'local', capabilities: { local: true, maxItemsPerCall: 3 } });
    const nameless: LLMProvider = { generate: async () => '' };
    expect(bind({ provider: [local, nameless] })).toMatchObject([
      {
        index: 0,
        name: 'local',
        isLocal: true,
        capabilities: { local: true, maxItemsPerCall: 3 },
        promptVersion: undefined,
      },
      {
        index: 1,
        name: 'provider',
        isLocal: false,
        capabilities: { feedback: true },
        promptVersion: expect.any(String),
      },
    ]);
  });

  test('is asked with the instructions and the feedback options of the run', async () => {
    const model = mockLLM();
    expect(await systemOf(model, { instructions: 'Be strict about units.' })).toContain('Be strict about units.');
    expect(await systemOf(model)).toContain('feedback:');
    expect(await systemOf(model, { feedback: false })).not.toContain('feedback:');
    expect(await systemOf(model, { feedback: { language: 'pt-BR', revealReference: true } })).toMatch(
      /pt-BR(?!.*not revealing)/,
    );
  });

  test('made by promptGrader keeps its own options before those of the run', async () => {
    const model = mockLLM();
    const provider = promptGrader(model, { instructions: 'Its own.', feedback: undefined });
    const options = { provider, localGrading: false, instructions: 'The run’s.', feedback: false } as const;
    await gradeAnswersWithFallback(sampleAnswers(1), options);
    const system = model.calls[0]?.request.system ?? '';
    expect(system).toContain('Its own.');
    expect(system).not.toContain('The run’s.');
    expect(system).not.toContain('feedback:');
  });

  test('keeps its own `this` at both levels', async () => {
    class Grading {
      readonly score = 0.4;
      async grade(items: readonly { id: string }[]) {
        return items.map(({ id }) => ({ id, score: this.score }));
      }
    }
    class Model {
      readonly reply = '{"results":[{"levels":[2]}]}';
      async generate() {
        return this.reply;
      }
    }
    for (const provider of [new Grading(), new Model()]) {
      const { results } = await gradeAnswersWithFallback(sampleAnswers(1), { provider, localGrading: false });
      expect(results[0]).toMatchObject({ scaledScore: 0.4 });
    }
  });

  test('with both methods is asked for verdicts', async () => {
    const both = { ...mockLLM(0), ...mockProvider(1) };
    const { results } = await gradeAnswersWithFallback(sampleAnswers(1), { provider: both, localGrading: false });
    expect(results[0]).toMatchObject({ scaledScore: 1 });
  });
});
