import type { OpenApiDocument } from '../spec/document.ts';
import { serverUrl } from '../spec/server.ts';
import type { Contract } from './pact/contract.ts';
import { interactionName } from './pact/interaction-name.ts';
import type { Verdict } from './verdict.ts';

const command = 'npm install --save-dev @pactflow/openapi-pact-comparator@2.3.1';

/**
 * Has Pact's comparator say what it thinks of contracts and a specification. It looks at the examples alone, and not at
 * their matching rules; so it is a second voice and no proof.
 */
export async function compare(document: OpenApiDocument, contracts: readonly Contract[]): Promise<Verdict[]> {
  const loaded: unknown = await import('@pactflow/openapi-pact-comparator').catch(() => undefined);
  if (!isComparator(loaded)) return contracts.map(({ file }) => ({ ...missing, contract: file }));
  const verdicts: Verdict[] = [];
  for (const contract of contracts) {
    const comparator = new loaded.Comparator({ oas: JSON.parse(JSON.stringify(withServerPaths(document))) });
    const said: unknown[] = [];
    for await (const each of comparator.compare(JSON.parse(JSON.stringify(contract.content)))) said.push(each);
    verdicts.push(...contract.interactions.map((interaction) => judge(contract, interaction, said)));
  }
  return verdicts;
}

/** What is used of the package, whose own types cannot be resolved. */
interface Loaded {
  Comparator: new (documents: { oas: unknown }) => { compare: (contract: unknown) => AsyncIterable<unknown> };
}

function isComparator(loaded: unknown): loaded is Loaded {
  return typeof Reflect.get(Object(loaded), 'Comparator') === 'function';
}

const missing: Verdict = {
  net: 'comparator',
  result: 'not verifiable',
  rule: 'installed',
  sentence: `Pact's comparator is not installed: \`${command}\`.`,
};

/** The comparator does not look at servers, so their path goes in front of each path. */
function withServerPaths({ servers, paths = {}, ...rest }: OpenApiDocument): OpenApiDocument {
  const whole = Object.entries(paths).map(([path, item]) => {
    const { pathname } = serverUrl(item.servers ?? servers);
    return [pathname.replace(/\/$/, '') + path, item] as const;
  });
  return { ...rest, paths: Object.fromEntries(whole) };
}

function judge({ file }: Contract, interaction: Contract['interactions'][number], said: readonly unknown[]): Verdict {
  const about = said
    .map(readResult)
    .filter((each) => each.location.startsWith(`[root].interactions[${interaction.index}]`));
  const first = about.find(({ type }) => type === 'error');
  return {
    net: 'comparator',
    result: first ? 'broken' : 'holds',
    contract: file,
    interaction: interactionName(interaction),
    rule: first?.code ?? 'comparison',
    ...(first?.pointer === undefined ? {} : { pointer: first.pointer }),
    sentence: first
      ? `Pact's comparator says: ${first.message}.`
      : "Pact's comparator finds nothing in the example against the specification.",
  };
}

interface Said {
  type: string;
  code: string;
  message: string;
  location: string;
  pointer: string | undefined;
}

function readResult(said: unknown): Said {
  const { type, code, message, mockDetails, specDetails }: Fields = Object(said);
  const { location }: Fields = Object(mockDetails);
  const { location: pointer }: Fields = Object(specDetails);
  return {
    type: String(type),
    code: String(code),
    message: String(message).replace(/\.$/, ''),
    location: String(location),
    pointer: typeof pointer === 'string' ? pointer : undefined,
  };
}

type Fields = Partial<Record<string, unknown>>;
