import type { Contract } from '../../../src/pact/model.ts';
import { readContract } from '../../../src/pact/read-contract.ts';
import { interaction, pactText } from '../../pact/support.ts';

/** A contract of version 4 whose interactions are given. */
export function contractOf(...interactions: object[]): Contract {
  return readContract('app-service.json', pactText('4.0', interactions));
}

/** A response with a JSON body and its rules: `{ '$.a': [{ match: 'type' }] }`. Several rules of a place count together. */
export function answering(content: unknown, rules: Record<string, object[]> = {}, combine = 'AND'): object {
  return {
    body: { content, contentType: 'application/json', encoded: false },
    matchingRules: { body: listsOf(rules, combine) },
  };
}

/** A response with one header and its rules. */
export function withHeader(value: string, ...matchers: object[]): object {
  return { headers: { 'X-A': [value] }, matchingRules: { header: matchers.length > 0 ? { 'X-A': { matchers } } : {} } };
}

/** A contract with one interaction, which has the response. */
export function responding(response: object): Contract {
  return contractOf(interaction({}, response));
}

/** A contract with one interaction, which has the request. */
export function requesting(request: object): Contract {
  return contractOf(interaction(request));
}

/** A contract with one interaction, which is given the states. */
export function given(...providerStates: object[]): Contract {
  return contractOf(interaction({}, {}, { providerStates }));
}

function listsOf(rules: Record<string, object[]>, combine: string): object {
  return Object.fromEntries(Object.entries(rules).map(([path, matchers]) => [path, { combine, matchers }]));
}
