// Doubles and checks for tests, for any test runner. The HTTP server that speaks the vendors' protocols is in
// `gradelanes/testing-server`, because it needs Node.
export { eventLog } from './testing/event-log.js';
export { expectEveryAnswerOnce } from './testing/checks/expect-every-answer-once.js';
export { faultPlanFromEnvironment } from './testing/faults/fault-plan-from-environment.js';
export { faultyProvider } from './testing/faults/faulty-provider.js';
export { manualClock } from './testing/time/manual-clock.js';
export { fileCassette, memoryCassette } from './testing/cassettes/cassette.js';
export { mockLLM } from './testing/mocks/mock-llm.js';
export { mockProvider } from './testing/mocks/mock-provider.js';
export { providerContract } from './testing/contract/provider-contract.js';
export { recordProvider } from './testing/cassettes/record-provider.js';
export { replayProvider } from './testing/cassettes/replay-provider.js';
export { seededRandom } from './contract/seeded-random.js';

export type { Verifiable } from './testing/misuse.js';
export type { RecordedCall } from './testing/mocks/call-recorder.js';
export type { CassetteMode, CassetteRecord } from './testing/cassettes/cassette.js';
export type { CassetteEntry, Json } from './testing/cassettes/cassette.js';
export type { EventLog, EventLogOptions } from './testing/event-log.js';
export type { FaultPlan, FaultStep, PresetFaults, RandomFaults } from './testing/faults/fault-plan.js';
export type { FaultPreset } from './testing/faults/faults.js';
export type { Fault, FaultName } from './testing/faults/faults.js';
export type { FaultyProviderOptions, InjectedFaults } from './testing/faults/faulty-provider.js';
export type { ManualClock, RunAllOptions } from './testing/time/manual-clock.js';
export type { CassetteStore } from './testing/cassettes/cassette.js';
export type { MockOptions } from './testing/mocks/mock-call.js';
export type { MockLLM, MockLLMCall, ReplyScript, ScriptedReply } from './testing/mocks/mock-llm.js';
export type { MockCall, MockProvider } from './testing/mocks/mock-provider.js';
export type { ContractCase, ContractCaseName, ProviderContractOptions } from './testing/contract/contract-case.js';
export type { RecordProviderOptions } from './testing/cassettes/record-provider.js';
export type { Script } from './testing/mocks/script.js';
export type { QuestionScripts, ScriptedVerdict, VerdictScript } from './testing/mocks/verdict-script.js';
