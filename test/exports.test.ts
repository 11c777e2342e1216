import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import bundle from '../tsup.config.js';

const project = fileURLToPath(new URL('..', import.meta.url));
const entryNames = readdirSync(`${project}src`)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => basename(name, '.ts'));

describe('the entries', () => {
  test('of package.json are the files of src, with their types', () => {
    const { exports } = readManifest();
    const expected = entryNames.map((name) => [
      name === 'index' ? '.' : `./${name}`,
      { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
    ]);
    expect(exports).toEqual({ ...Object.fromEntries(expected), './package.json': './package.json' });
  });

  test('of the build are the files of src', () => {
    expect(bundle.entry).toEqual(Object.fromEntries(entryNames.map((name) => [name, `src/${name}.ts`])));
  });

  test('all load, and export these values', async () => {
    const values = Object.fromEntries(await Promise.all(entryNames.map(valuesOf)));
    expect(values).toMatchInlineSnapshot(`
      {
        "ai-sdk": [
          "aiSdkProvider",
        ],
        "anthropic": [
          "anthropicBulk",
          "anthropicProvider",
        ],
        "bulk": [
          "cancel",
          "collect",
          "poll",
          "submit",
        ],
        "client": [
          "DEFAULT_CONCURRENCY_LIMIT",
          "ReviewError",
          "createReviewClient",
          "isReviewError",
        ],
        "elements": [
          "ENGLISH_LABELS",
          "GradedAnswerElement",
          "GradingMetricsElement",
          "defineGradingMetrics",
          "labelsIn",
        ],
        "evaluate": [
          "accuracy",
          "applyCalibration",
          "auditGrader",
          "auditRecord",
          "auditSize",
          "bootstrapInterval",
          "calibrate",
          "calibratedConfidence",
          "calibrationExamples",
          "cohenKappa",
          "compareRuns",
          "evaluateGrader",
          "expectedCalibrationError",
          "groupAnswers",
          "groupConflicts",
          "macroF1",
          "marksToCsv",
          "meanAbsoluteError",
          "offerOverride",
          "overrideGrade",
          "parseAuditRecord",
          "parseMarksCsv",
          "pearson",
          "quadraticWeightedKappa",
          "reliabilityTable",
          "reviewOrder",
          "reviewPolicy",
          "rootMeanSquaredError",
          "toAgsScore",
          "toHtml",
          "toMarkdown",
          "watchPolicy",
        ],
        "http": [
          "DEFAULT_BASE_PATH",
          "DEFAULT_HEARTBEAT_MS",
          "DEFAULT_MAX_ANSWERS",
          "DEFAULT_MAX_BODY_BYTES",
          "DEFAULT_REVIEW_DEADLINE_MS",
          "createReviewHandler",
          "reviewApiDocument",
        ],
        "index": [
          "BATCH_FROM_ANSWERS",
          "DEFAULT_ABORT_GRACE_MS",
          "DEFAULT_ATTEMPT_TIMEOUT_MS",
          "DEFAULT_BATCH_SIZE",
          "DEFAULT_CLOSE_GRACE_MS",
          "DEFAULT_FEEDBACK_CHARACTERS",
          "DEFAULT_HEDGE",
          "DEFAULT_MAX_ANSWER_CHARACTERS",
          "DEFAULT_MAX_CONCURRENT_TASKS",
          "DEFAULT_PASSING_SCALED_SCORE",
          "DEFAULT_RETRY",
          "GradingAbortedError",
          "GradingOptionsError",
          "PARALLEL_FROM_ANSWERS",
          "PROMPT_VERSION",
          "ProviderError",
          "answerFromForm",
          "checkQuestion",
          "createBudget",
          "createConcurrencyController",
          "createGrader",
          "estimateCost",
          "gradeAnswer",
          "gradeAnswersConcurrently",
          "gradeAnswersInBatch",
          "gradeAnswersSequentially",
          "gradeAnswersStream",
          "gradeAnswersWithFallback",
          "isGradingAborted",
          "isGradingOptionsError",
          "isProviderError",
          "promptGrader",
          "questionForLearners",
          "selectProcessingMode",
        ],
        "jobs": [
          "DEFAULT_CHUNK_ATTEMPTS",
          "DEFAULT_CHUNK_SIZE",
          "DEFAULT_CONCURRENT_CHUNKS",
          "DEFAULT_DEADLINE_SECONDS",
          "DEFAULT_LEASE_SECONDS",
          "DEFAULT_RETRY_DELAY_SECONDS",
          "DEFAULT_WORKER_GRACE_MS",
          "cancelGrading",
          "chunkAnswers",
          "chunkId",
          "collectReport",
          "createChunkGrader",
          "createGradeKey",
          "createGradingWorker",
          "deadLetters",
          "enqueueGrading",
          "gradingProgress",
          "redriveGrading",
        ],
        "limiter": [
          "createSharedLimiter",
          "redisStore",
        ],
        "offline": [
          "offlineProvider",
        ],
        "openai": [
          "openaiBulk",
          "openaiDecisionsProvider",
          "openaiProvider",
        ],
        "otel": [
          "EVENT_CHANNEL",
          "channelListener",
          "telemetryListener",
        ],
        "testing": [
          "eventLog",
          "expectEveryAnswerOnce",
          "faultPlanFromEnvironment",
          "faultyProvider",
          "fileCassette",
          "manualClock",
          "memoryCassette",
          "mockLLM",
          "mockProvider",
          "providerContract",
          "recordProvider",
          "replayProvider",
          "seededRandom",
        ],
        "testing-server": [
          "mockServer",
        ],
      }
    `);
  });
});

function readManifest(): { exports: unknown } {
  return JSON.parse(readFileSync(`${project}package.json`, 'utf8')) as { exports: unknown };
}

async function valuesOf(entry: string): Promise<[entry: string, names: string[]]> {
  const module = (await import(`${project}src/${entry}.ts`)) as Record<string, unknown>;
  return [entry, Object.keys(module).toSorted()];
}
