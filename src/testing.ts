// Doubles and checks for tests, for any test runner. The HTTP server that speaks the vendors' protocols is in
// `gradelanes/testing-server`, because it needs Node.
export { eventLog } from './testing/event-log.js';
export { expectEveryAnswerOnce } from './testing/expect-every-answer-once.js';
export { faultPlanFromEnvironment } from './testing/fault-plan-from-environment.js';
export { faultyProvider } from './testing/faulty-provider.js';
export { manualClock } from './testing/manual-clock.js';
export { memoryCassette } from './testing/memory-cassette.js';
export { mockLLM } from './testing/mock-llm.js';
export { mockProvider } from './testing/mock-provider.js';
export { providerContract } from './testing/provider-contract.js';
export { recordProvider } from './testing/record-provider.js';
export { replayProvider } from './testing/replay-provider.js';
export { seededRandom } from './testing/seeded-random.js';

export type { RecordedCall } from './testing/call-recorder.js';
export type { CassetteMode, CassetteRecord } from './testing/cassette-record.js';
export type { CassetteEntry, Json } from './testing/cassette.js';
export type { EventLog, EventLogOptions } from './testing/event-log.js';
export type { FaultPlan, FaultStep, RandomFaults } from './testing/fault-plan.js';
export type { FaultPreset } from './testing/fault-presets.js';
export type { Fault, FaultName } from './testing/fault.js';
export type { FaultyProviderOptions, InjectedFaults } from './testing/faulty-provider.js';
export type { ManualClock, RunAllOptions } from './testing/manual-clock.js';
export type { CassetteStore } from './testing/memory-cassette.js';
export type { MockOptions } from './testing/mock-call.js';
export type { MockLLM, MockLLMCall, ReplyScript, ScriptedReply } from './testing/mock-llm.js';
export type { MockCall, MockProvider } from './testing/mock-provider.js';
export type { ContractCase, ContractCaseName, ProviderContractOptions } from './testing/contract-case.js';
export type { RecordProviderOptions } from './testing/record-provider.js';
export type { Script } from './testing/script.js';
export type { QuestionScripts, ScriptedVerdict, VerdictScript } from './testing/verdict-script.js';
