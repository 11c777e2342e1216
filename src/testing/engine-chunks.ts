export { yieldsSoFar } from '../core/yield-to-event-loop.js';

let loading: Promise<unknown> | undefined;

/** Loads all that the engine loads when it first needs it: no manual clock can hurry that, so it is done before. */
export function engineChunksLoaded(): Promise<unknown> {
  loading ??= Promise.all([
    import('../core/run-grading.js'),
    import('../core/open-run.js'),
    import('../core/grade-stream.js'),
    import('../core/answer-key.js'),
    import('../core/check-answers.js'),
    import('../core/chain.js'),
    import('../core/provider-gate.js'),
    import('../core/fresh-answers.js'),
    import('../core/prefix-warm-up.js'),
    import('../core/seek-opinions.js'),
    import('../core/run-cache.js'),
    import('../core/run-budget.js'),
    import('../core/recall.js'),
    import('../core/estimate-run.js'),
    import('../core/ask-provider.js'),
    import('../core/hedged-call.js'),
    import('../grading/local-grading.js'),
    import('../grading/ask-model.js'),
    import('../grading/guards/guard-answer.js'),
    import('../grading/guards/guard-verdict.js'),
    import('../grading/guards/marking-talk.js'),
  ]);
  return loading;
}
