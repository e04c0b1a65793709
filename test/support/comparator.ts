// Pact's own comparator of contract and specification. It looks at the examples of a contract alone, demands no property
// and passes OAuth 2 over, but what it refuses is wrong.
import { createRequire } from 'node:module';
import type { OpenApiDocument } from '../../src/openapi/document.ts';
import { readServers, serverUrl } from '../../src/openapi/operations.ts';
import { interactionName, type Contract } from '../../src/pact/model.ts';
import { valueAt } from '../../src/util/json.ts';

interface Complaint {
  type: string;
  code: string;
  message: string;
  mockDetails?: { location?: string };
}

// Its own types cannot be resolved by the rules of Node.
const {
  Comparator,
}: { Comparator: new (options: { oas: object }) => { compare(pact: unknown): AsyncIterable<Complaint> } } =
  createRequire(import.meta.url)('@pactflow/openapi-pact-comparator');

/** What the comparator refuses of a contract, by the name of the interaction. */
export type Refusals = (contract: Contract) => Promise<Map<string, string[]>>;

/** A comparator for one specification: to make it takes most of the time. */
export function comparatorFor(specification: OpenApiDocument): Refusals {
  const comparator = new Comparator({ oas: withServerPaths(specification) });
  return (contract) => refused(comparator, contract);
}

async function refused(
  comparator: InstanceType<typeof Comparator>,
  { content, interactions }: Contract,
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for await (const { type, code, message, mockDetails } of comparator.compare(structuredClone(content))) {
    const [, index] = /^\[root\]\.interactions\[(\d+)\]/.exec(mockDetails?.location ?? '') ?? [];
    const interaction = interactions.find((each) => each.index === Number(index));
    if (type !== 'error' || interaction === undefined) continue;
    const name = interactionName(interaction);
    found.set(name, [...(found.get(name) ?? []), `${code}: ${message}`]);
  }
  return found;
}

/** The comparator does not look at servers, so the paths of all of them go in front of each path, beside the path alone. */
function withServerPaths({ servers, paths = {}, ...rest }: OpenApiDocument): object {
  const whole: [string, unknown][] = Object.entries(paths).flatMap(([path, item]) => {
    const prefixes = readServers(valueAt(item, ['servers']) ?? servers).map((server) =>
      serverUrl([server]).pathname.replace(/\/$/, ''),
    );
    return [...new Set([...prefixes, ''])].map((prefix): [string, unknown] => [prefix + path, item]);
  });
  return structuredClone({ ...rest, paths: Object.fromEntries(whole.toReversed()) });
}
