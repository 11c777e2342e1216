import type { Provider } from '../../contract/provider.js';
import { CASE_NAMES, type ContractCase, type ProviderContractOptions } from './contract-case.js';

/**
 * The cases that a provider must pass, whatever it talks to: a verdict per answer under the right id, abort obeyed,
 * nothing changed that it was given, hostile and very long answers survived, concurrent calls kept apart, plain data.
 * They need no test runner. A language model is tested behind this library's prompt; what answers it must do so by key,
 * as `mockServer` does.
 *
 * @param makeProvider Makes a fresh provider for every case.
 * @param options A question it can grade, and limits of time.
 * @returns Cases to hand to any runner.
 *
 * @example
 * ```ts
 * import { mockProvider, providerContract } from 'gradelanes/testing';
 *
 * // In a test file: for (const { name, run } of providerContract(() => myProvider())) test(name, run);
 * for (const { run } of providerContract(() => mockProvider())) await run();
 * ```
 */
export function providerContract(
  makeProvider: () => Provider | Promise<Provider>,
  options: ProviderContractOptions = {},
): readonly ContractCase[] {
  return CASE_NAMES.map((name) => ({
    name,
    async run() {
      // Loaded when it is wanted: most who import the kit write no provider.
      const { runContractCase } = await import('./run-contract-case.js');
      await runContractCase(name, await makeProvider(), options);
    },
  }));
}
