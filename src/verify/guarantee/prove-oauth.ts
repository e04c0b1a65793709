import type { OpenApiDocument } from '../../openapi/document.ts';
import { serverUrl } from '../../openapi/operations.ts';
import { entriesOf, fieldsOf, type Fields } from '../../pact/input.ts';
import type { ContractRequest } from '../../pact/model.ts';
import { toPointer, valueAt } from '../../util/json.ts';
import { match, partsBelow, type FoundOperation, type Part } from './operation.ts';
import { broken, holds, type PlaceVerdict } from './proof/place-verdict.ts';
import { cookiesOf } from './prove-parameters.ts';
import { tokenRequestForm } from './token-form.ts';

/** The flow that each grant type belongs to. A refresh token may come from any. */
const flowNames: Readonly<Record<string, string>> = {
  client_credentials: 'clientCredentials',
  password: 'password',
  authorization_code: 'authorizationCode',
};

/** Whether a path is that of a token URL. */
export function isTokenPath(document: OpenApiDocument, path: string): boolean {
  return flowsOf(document).some((flow) => pathOf(document, flow) === path);
}

/** Proves of a request for a token that the OAuth 2 flows of the specification allow it. */
export function proveTokenRequest(
  document: OpenApiDocument,
  request: ContractRequest,
  operation: FoundOperation | undefined,
): PlaceVerdict[] {
  const form = tokenRequestForm(request);
  const all = flowsOf(document);
  if (!form || all.length === 0) return [];
  const grant = form.get('grant_type') ?? '';
  const name = flowNames[grant];
  const flows = grant === 'refresh_token' ? all : all.filter((flow) => flow.name === name);
  const { steps = [] } = flows[0] ?? all[0] ?? {};
  const at = { place: '$.request.body.grant_type', rule: 'flow', pointer: toPointer(steps) };
  if (flows.length === 0) {
    const sentence = `The request uses grant_type ${grant}; the flows of the specification are ${all.map((flow) => flow.name).join(', ')}.`;
    return [broken(at, sentence)];
  }
  return [
    holds(at, `The specification defines a flow for grant_type ${grant}.`),
    proveUrl(document, request, operation, flows, toPointer([...steps, 'tokenUrl'])),
    ...proveTokenScopes(form, flows, toPointer([...steps, 'scopes'])),
    ...proveClient(form, request, operation),
  ];
}

function proveUrl(
  document: OpenApiDocument,
  request: ContractRequest,
  operation: FoundOperation | undefined,
  flows: readonly Flow[],
  pointer: string,
): PlaceVerdict {
  const paths = flows.flatMap((flow) => pathOf(document, flow) ?? []);
  const at = { place: '$.request.path', rule: 'token URL', pointer };
  const same = paths.some((path) => path === request.path || (operation && isFor(operation, path)));
  if (same) return holds(at, 'The request goes to the token URL of the flow.');
  const sentence = `The request goes to ${request.path}; the token URL of the specification is ${paths.join(', ')}.`;
  return broken(at, sentence);
}

/** Whether a token URL is that of the operation, whose path may have parameters. */
function isFor({ path, prefixes }: FoundOperation, tokenPath: string): boolean {
  return [...prefixes, ''].some(
    (prefix) => tokenPath.startsWith(prefix) && match(path, tokenPath.slice(prefix.length)),
  );
}

function pathOf(document: OpenApiDocument, { tokenUrl }: Flow): string | undefined {
  if (tokenUrl === undefined) return undefined;
  const base = serverUrl(document.servers);
  return URL.canParse(tokenUrl, base.href) ? decodeURI(new URL(tokenUrl, base).pathname) : undefined;
}

/** Proves of the form of a token request that its flow has the scopes. */
function proveTokenScopes(form: URLSearchParams, flows: readonly Flow[], pointer: string): PlaceVerdict[] {
  const scopes = (form.get('scope') ?? '').split(' ').filter(Boolean);
  if (scopes.length === 0) return [];
  const at = { place: '$.request.body.scope', rule: 'scope', pointer };
  const unknown = scopes.filter((scope) => !flows.some((flow) => flow.scopes.has(scope)));
  if (unknown.length === 0) return [holds(at, 'The flow defines the scopes that the request asks for.')];
  const words = unknown.join(', ');
  return [broken(at, `The request asks for ${words}, which no flow of the specification defines.`)];
}

/** Where the specification does not say how the client authenticates, it is one of the two ways of RFC 6749 section 2.3.1. */
function proveClient(
  form: URLSearchParams,
  request: ContractRequest,
  operation: FoundOperation | undefined,
): PlaceVerdict[] {
  if (operation && securityOf(operation).alternatives.length > 0) return [];
  const basic = request.headers.get('authorization')?.values[0]?.toLowerCase().startsWith('basic ') === true;
  const pointer = toPointer(operation?.steps ?? []);
  const at = { place: '$.request.headers.Authorization', rule: 'client authentication', pointer };
  if (basic || form.has('client_id') || form.has('client_assertion'))
    return [holds(at, 'The client authenticates as RFC 6749 requires; the specification does not say how.')];
  const sentence =
    'The client does not authenticate, neither with HTTP Basic nor with client_id in the form (RFC 6749 section 2.3.1).';
  return [broken(at, sentence)];
}

/**
 * Proves that tokens with the scopes that an operation asks for can be had: a flow of its scheme has them, and the contracts that
 * ask for tokens ask for them.
 * @param asked the scopes of each token request of the contracts; undefined for one that names none, and gets what there is.
 */
export function proveScopes(
  operation: FoundOperation,
  asked: readonly (ReadonlySet<string> | undefined)[],
): PlaceVerdict[] {
  const { alternatives, steps } = securityOf(operation);
  const flows = flowsOf(operation.document);
  const scoped = alternatives.filter((each) =>
    each.some(([name, scopes]) => scopes.length > 0 && flows.some(({ scheme }) => scheme === name)),
  );
  if (scoped.length === 0 || scoped.length < alternatives.length) return [];
  const at = { place: '$.request.headers.Authorization', rule: 'scope', pointer: toPointer(steps) };
  const needed = (each: Alternative): string[] => each.flatMap(([, scopes]) => scopes);
  const words = scoped.map((each) => needed(each).join(' and ')).join(', or ');
  const has = (name: string, scopes: readonly string[]): boolean =>
    !flows.some(({ scheme }) => scheme === name) ||
    flows.some((flow) => flow.scheme === name && scopes.every((scope) => flow.scopes.has(scope)));
  const offered = scoped.filter((each) => each.every(([name, scopes]) => has(name, scopes)));
  if (offered.length === 0)
    return [broken(at, `The operation requires ${words}; no flow of its scheme defines that scope.`)];
  if (asked.length === 0) return [];
  if (offered.some((each) => asked.some((scopes) => !scopes || needed(each).every((scope) => scopes.has(scope)))))
    return [holds(at, `The operation requires ${words}, and a token request of the contracts asks for it.`)];
  return [broken(at, `The operation requires ${words}; no token request of the contracts asks for it.`)];
}

/** What must be presented together: the names of schemes, with the scopes that each asks for. */
type Alternative = readonly [scheme: string, scopes: readonly string[]][];

/** What an operation asks of its caller, one of the alternatives; none, if it asks for nothing. */
function securityOf({ document, steps }: FoundOperation): { alternatives: Alternative[]; steps: readonly string[] } {
  const own = valueAt(document, [...steps, 'security']);
  const list = own ?? document.security;
  const alternativeOf = (each: unknown): Alternative =>
    entriesOf(each).map(([scheme, scopes]) => [scheme, Array.isArray(scopes) ? scopes.map(String) : []]);
  return {
    alternatives: Array.isArray(list) ? list.map(alternativeOf) : [],
    steps: own === undefined ? ['security'] : [...steps, 'security'],
  };
}

/** Proves that a request presents what the operation asks for. */
export function proveSecurity(operation: FoundOperation, request: ContractRequest, rule = 'security'): PlaceVerdict[] {
  const { alternatives, steps } = securityOf(operation);
  if (alternatives.length === 0 || alternatives.some((each) => each.length === 0)) return [];
  const schemes = securitySchemes(operation.document);
  const at = { place: '$.request.headers.Authorization', rule, pointer: toPointer(steps) };
  const presented = alternatives.find((each) => each.every(([name]) => presents(request, schemes.get(name))));
  const words = (presented ? [presented] : alternatives)
    .map((each) => each.map(([name]) => describe(schemes.get(name)?.fields)).join(' and '))
    .join(', or ');
  return presented
    ? [holds(at, `The specification requires ${words}, and the request sends it.`)]
    : [broken(at, `The specification requires ${words}; the request does not send it.`)];
}

/** The names of query parameters that carry a key. */
export function keyParameters({ document }: FoundOperation): Set<string> {
  const schemes = [...securitySchemes(document).values()].map(({ fields }) => fields);
  const keys = schemes.filter((fields) => fields['type'] === 'apiKey' && fields['in'] === 'query');
  return new Set(keys.map((fields) => String(fields['name'])));
}

function presents(request: ContractRequest, scheme: Part | undefined): boolean {
  if (!scheme) return false;
  const { type, in: where, name } = scheme.fields;
  // It cannot be seen in a request whether the connection has a client's certificate.
  if (type === 'mutualTLS') return true;
  if (type === 'apiKey') {
    if (where === 'query') return request.query.has(String(name));
    return where === 'cookie' ? cookiesOf(request).has(String(name)) : request.headers.has(String(name).toLowerCase());
  }
  const prefix = `${authorizationOf(scheme.fields).toLowerCase()} `;
  return request.headers.get('authorization')?.values[0]?.toLowerCase().startsWith(prefix) === true;
}

/** The first word of `Authorization`. */
function authorizationOf({ type, scheme }: Fields): string {
  return type === 'http' ? String(scheme) : 'Bearer';
}

function describe(fields: Fields | undefined): string {
  if (!fields) return 'an undefined security scheme';
  const { type, in: where, name } = fields;
  if (type === 'apiKey') return `a key in the ${String(where)} ${String(name)}`;
  if (type === 'mutualTLS') return 'a client certificate';
  const word = authorizationOf(fields);
  return word.toLowerCase() === 'bearer'
    ? 'a bearer token'
    : `HTTP ${word[0]?.toUpperCase() ?? ''}${word.slice(1)} authentication`;
}

/** The security schemes of a document, by name. */
function securitySchemes(document: OpenApiDocument): Map<string, Part> {
  return partsBelow(document, ['components', 'securitySchemes']);
}

/** One way of an OAuth 2 scheme to a token. */
interface Flow {
  /** `clientCredentials` and the like. */
  name: string;
  scheme: string;
  steps: readonly string[];
  tokenUrl: string | undefined;
  scopes: ReadonlySet<string>;
}

/** All flows of all OAuth 2 schemes of a document. */
function flowsOf(document: OpenApiDocument): Flow[] {
  return [...securitySchemes(document)].flatMap(([scheme, { steps, fields }]) => {
    if (fields['type'] !== 'oauth2') return [];
    return entriesOf(fields['flows']).flatMap(([name, value]): Flow[] => {
      const flow = fieldsOf(value);
      if (!flow) return [];
      const tokenUrl = typeof flow['tokenUrl'] === 'string' ? flow['tokenUrl'] : undefined;
      const scopes = new Set(entriesOf(flow['scopes']).map(([scope]) => scope));
      return [{ name, scheme, steps: [...steps, 'flows', name], tokenUrl, scopes }];
    });
  });
}
