import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { MatchersV3, PactV3, SpecificationVersion } from '@pact-foundation/pact';

/** Where `npm run contracts` wants the pact files. */
const folder = process.env['PACT_FOLDER'];

type Interaction = Parameters<PactV3['addInteraction']>[0];

/**
 * Declares interactions of the client with one provider. Each writes to a folder of its own, with a note of what is to come:
 * docs/consumer-tests.md.
 */
export function contractWith(provider: 'arzamed-token-endpoint' | 'arzamed-api'): (interaction: Interaction) => PactV3 {
  if (folder === undefined)
    throw new Error('Run the consumer tests with `npm run contracts`: it says where the pact files go.');
  return (interaction) => {
    const dir = join(folder, randomUUID());
    const { testPath, currentTestName } = expect.getState();
    mkdirSync(dir, { recursive: true });
    const note = { description: interaction.uponReceiving, test: `${testPath}: ${currentTestName}` };
    writeFileSync(join(dir, 'declared.json'), JSON.stringify(note));
    const spec = SpecificationVersion.SPECIFICATION_VERSION_V4;
    const pact = new PactV3({ consumer: 'arzamed-devkit', provider, dir, spec, logLevel: 'error' });
    return pact.addInteraction(interaction);
  };
}

/**
 * A text that has the type string and matches a pattern. Pact's own regex matcher also accepts null, numbers, booleans
 * and objects, so both are demanded.
 */
export function text(pattern: RegExp, example: string): object {
  return {
    'pact:matcher:type': [{ 'pact:matcher:type': 'type' }, { 'pact:matcher:type': 'regex', regex: pattern.source }],
    value: example,
  };
}

/** A whole number above 0. Pact's integer matcher takes any, so its digits are demanded as well. */
export function positiveInteger(example: number): object {
  return {
    'pact:matcher:type': [
      { 'pact:matcher:type': 'integer' },
      { 'pact:matcher:type': 'regex', regex: String.raw`^[1-9]\d*$` },
    ],
    value: example,
  };
}

/**
 * A text that the provider's state decides when the provider is verified, such as a token: what the state-change request
 * answers under the name in the expression. The client has to send the example to the letter.
 */
export function fromState(expression: string, example: string): ReturnType<typeof MatchersV3.regex> {
  return { ...MatchersV3.fromProviderState(expression, example), ...MatchersV3.regex(exactly(example), example) };
}

function exactly(value: string): string {
  return `^${value.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)}$`;
}

/** Headers of every JSON answer. */
export const json = { 'Content-Type': MatchersV3.regex('^application/json(;.*)?$', 'application/json') };
