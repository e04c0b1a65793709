import { entriesOf, fieldsOf, toPointer } from '../util/json.ts';
import type { OpenApiDocument } from './document.ts';
import type { ReadSpec } from './load/load.ts';
import { readTokenSettings, type TokenSettings } from './oauth.ts';
import { OperationFinder } from './match.ts';
import { readOperations, type Operation } from './operations.ts';
import { SchemaChecker } from './schema-checker.ts';
import { clientCredentialsFlow, oauthFlows, type ClientCredentialsFlow } from './security.ts';

export interface Api {
  document: OpenApiDocument;
  operations: Operation[];
  finder: OperationFinder<Operation>;
  /** The client credentials flow. */
  flow: ClientCredentialsFlow | undefined;
  /** All scopes that a token can have. */
  scopes: string[];
  tokens: TokenSettings;
  schemas: SchemaChecker;
  /** What is odd in the document, and what is done instead: a sentence each, after its place. */
  warnings: string[];
  /** The folders that hold its files; none of a document that the build has read. */
  folders: readonly string[];
}

/**
 * Reads the specification of an API.
 * @returns it, with what says `file:line` of a place in it.
 * @throws Problem if the file cannot be used as it is.
 */
export async function readApi(file: string): Promise<Api & Pick<ReadSpec, 'locate'>> {
  // Imported late, since YAML and validation are not needed for a document that the build has read.
  const { readSpecFiles } = await import('./load/load.ts');
  const { document, warnings, folders, locate } = await readSpecFiles(file, { kept: 'all', remote: 'refused' });
  const api = { ...apiOf(document, warnings), folders };
  for (const { steps, statuses } of api.operations) {
    if (statuses.length > 0) continue;
    const where = `${locate(steps)}: ${toPointer(steps)}`;
    // What the official schema says of it is less.
    api.warnings = api.warnings.filter((each) => !each.startsWith(`${where}/responses`));
    api.warnings.push(`${where} has no responses; the mock answers 200 without a body.`);
  }
  return { ...api, locate };
}

/** The API of a valid document. */
export function apiOf(document: OpenApiDocument, warnings: readonly string[] = []): Api {
  const operations = readOperations(document);
  return {
    document,
    operations,
    finder: new OperationFinder(operations),
    flow: clientCredentialsFlow(document),
    scopes: scopesIn(document, operations),
    tokens: readTokenSettings(document, operations),
    schemas: new SchemaChecker(document),
    warnings: [...warnings],
    folders: [],
  };
}

/** The scopes that OAuth flows define, and those that operations ask for: OpenID Connect defines them elsewhere. */
function scopesIn(document: OpenApiDocument, operations: readonly Operation[]): string[] {
  const defined = oauthFlows(document).flatMap(({ scopes }) => [...scopes]);
  const asked = operations.flatMap(({ security }) =>
    security.alternatives.flat().flatMap(({ presented, scopes }) => (presented === 'bearer' ? scopes : [])),
  );
  return [...new Set([...defined, ...asked])];
}

/** A vendor's own statement on how clients must behave. */
export interface ClientRule {
  /** The page that says it, and what it says. */
  source: string;
  level: 'must' | 'should' | undefined;
}

/**
 * The statements of `info.x-client-rules`: the id of a requirement to its `source`, one of `info.x-sources`, what that
 * `says`, and perhaps a `level`. Anything of another form is passed over.
 */
export function readClientRules({ info }: OpenApiDocument): ReadonlyMap<string, ClientRule> {
  const sources = new Map(entriesOf(Reflect.get(info, 'x-sources')));
  const rules = entriesOf(Reflect.get(info, 'x-client-rules')).flatMap(([id, rule]) => {
    const { source, says, level } = fieldsOf(rule) ?? {};
    if (typeof source !== 'string' || typeof says !== 'string') return [];
    const page = sources.get(source);
    const own = level === 'must' || level === 'should' ? level : undefined;
    return [[id, { source: `${typeof page === 'string' ? page : source}: ${says}`, level: own }] as const];
  });
  return new Map(rules);
}
