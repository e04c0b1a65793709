import { entriesOf, fieldsOf, type Fields } from '../util/json.ts';
import type { OpenApiDocument } from './document.ts';
import { partsBelow } from './look-up.ts';

/** How a caller presents itself, as the document describes it under `components`. */
export interface SecurityScheme {
  name: string;
  /** Where it is presented; `connection`: by a certificate. For the header `Authorization`, `word` is its first word. */
  place:
    | { in: 'authorization'; word: string }
    | { in: 'query' | 'header' | 'cookie'; name: string }
    | { in: 'connection' };
  flows: OAuthFlow[];
  type: string;
}

export interface OAuthFlow {
  name: string;
  scheme: string;
  steps: readonly string[];
  tokenUrl: string | undefined;
  scopes: ReadonlySet<string>;
}

export function securitySchemes(document: OpenApiDocument): Map<string, SecurityScheme> {
  const schemes = new Map<string, SecurityScheme>();
  for (const [name, { steps, fields }] of partsBelow(document, ['components', 'securitySchemes'])) {
    const type = String(fields['type']);
    const flows = type === 'oauth2' ? readFlows(name, [...steps, 'flows'], fields['flows']) : [];
    schemes.set(name, { name, type, place: readPlace(type, fields), flows });
  }
  return schemes;
}

function readPlace(type: string, { in: where, name, scheme }: Fields): SecurityScheme['place'] {
  if (type === 'mutualTLS') return { in: 'connection' };
  if (type !== 'apiKey') return { in: 'authorization', word: type === 'http' ? String(scheme) : 'Bearer' };
  return { in: where === 'query' || where === 'cookie' ? where : 'header', name: String(name) };
}

function readFlows(scheme: string, steps: readonly string[], flows: unknown): OAuthFlow[] {
  return entriesOf(flows).flatMap(([name, value]) => {
    const flow = fieldsOf(value);
    if (!flow) return [];
    const { tokenUrl, scopes } = flow;
    return {
      name,
      scheme,
      steps: [...steps, name],
      tokenUrl: typeof tokenUrl === 'string' ? tokenUrl : undefined,
      scopes: new Set(entriesOf(scopes).map(([scope]) => scope)),
    };
  });
}

export interface ClientCredentialsFlow {
  scheme: string;
  tokenUrl: string;
  scopes: string[];
}

/** All OAuth 2 flows of a document. */
export function oauthFlows(document: OpenApiDocument): OAuthFlow[] {
  return [...securitySchemes(document).values()].flatMap(({ flows }) => flows);
}

/** The first OAuth 2 client credentials flow of a document, if it has one. */
export function clientCredentialsFlow(document: OpenApiDocument): ClientCredentialsFlow | undefined {
  const [first] = oauthFlows(document).flatMap(({ name, scheme, tokenUrl, scopes }) =>
    name === 'clientCredentials' && tokenUrl !== undefined ? [{ scheme, tokenUrl, scopes: [...scopes] }] : [],
  );
  return first;
}

export interface Requirement {
  scheme: string;
  definition: SecurityScheme | undefined;
  /** Scopes that a token must have; for other schemes than OAuth 2 and OpenID Connect they are roles, which no token shows. */
  scopes: string[];
  /** What a request presents for it; undefined for what the toolkit cannot check: certificates, Digest, an undefined scheme. */
  presented: 'bearer' | 'basic' | 'key' | undefined;
}

/** What an operation asks of its caller. The order of the alternatives means nothing (OpenAPI 3.1, section 4.8.30). */
export interface OperationSecurity {
  /** All requirements of one of these must be presented; empty where the document asks for nothing. */
  alternatives: readonly (readonly Requirement[])[];
  /** Whether a request that presents nothing is answered. */
  optional: boolean;
}

export const openToAll: OperationSecurity = { alternatives: [], optional: true };

/** @param requirements those of the operation, or else of the document. */
export function readSecurity(requirements: unknown, schemes: ReadonlyMap<string, SecurityScheme>): OperationSecurity {
  if (!Array.isArray(requirements) || requirements.length === 0) return openToAll;
  const alternatives = requirements.map((each: unknown) =>
    entriesOf(each).map(([scheme, scopes]): Requirement => {
      const definition = schemes.get(scheme);
      const presented = definition && presentedFor(definition);
      return { scheme, definition, scopes: Array.isArray(scopes) ? scopes.map(String) : [], presented };
    }),
  );
  return { alternatives, optional: alternatives.some((each) => each.length === 0) };
}

function presentedFor({ type, place }: SecurityScheme): Requirement['presented'] {
  if (type === 'oauth2' || type === 'openIdConnect') return 'bearer';
  if (type === 'apiKey') return 'key';
  const word = type === 'http' && place.in === 'authorization' ? place.word.toLowerCase() : undefined;
  return word === 'bearer' || word === 'basic' ? word : undefined;
}

/** The scopes that the token for a requirement must have. */
export function scopesOf({ definition, scopes }: Requirement): string[] {
  return definition?.type === 'oauth2' || definition?.type === 'openIdConnect' ? scopes : [];
}

/** The scopes that the first token among the alternatives must have; undefined where none takes one. */
export function tokenScopes({ alternatives }: OperationSecurity): string[] | undefined {
  const first = alternatives
    .flat()
    .find(({ definition }) => definition?.type === 'oauth2' || definition?.type === 'openIdConnect');
  return first && scopesOf(first);
}

/** The security schemes that operations ask for and that cannot be checked, each once. */
export function uncheckedSchemes(operations: readonly { security: OperationSecurity }[]): string[] {
  const requirements = operations.flatMap(({ security }) => security.alternatives.flat());
  return [
    ...new Set(requirements.flatMap(({ scheme, presented }) => (presented === undefined ? [scheme] : []))),
  ].toSorted();
}
