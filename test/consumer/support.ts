import { basename, join } from 'node:path';
import { declare } from '../../scripts/contracts/declared.ts';
import { MatchersV3, PactV3, SpecificationVersion } from '@pact-foundation/pact';

/** Where `npm run contracts` wants the pact files. */
const folder = process.env['PACT_FOLDER'];

/**
 * A contract of the client with one provider. Each test file writes into a folder of its own, since several that write one file at
 * the same time lose interactions in silence, and notes what it declares, so that a lost one is missed.
 * @param file `import.meta.url` of the test.
 */
export function contractWith(provider: 'arzamed-token-endpoint' | 'arzamed-api', file: string): PactV3 {
  if (folder === undefined)
    throw new Error('Run the consumer tests with `npm run contracts`: it says where the pact files go.');
  const own = join(folder, basename(file, '.test.ts'));
  const contract = new PactV3({
    consumer: 'arzamed-devkit',
    provider,
    dir: own,
    spec: SpecificationVersion.SPECIFICATION_VERSION_V4,
    logLevel: 'error',
  });
  const add = contract.addInteraction.bind(contract);
  contract.addInteraction = (interaction) => {
    const states = (interaction.states ?? []).map(({ description, parameters }) => ({
      name: description,
      params: { ...parameters },
    }));
    declare(own, { description: interaction.uponReceiving, states });
    return add(interaction);
  };
  return contract;
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
