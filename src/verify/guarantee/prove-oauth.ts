import type { OpenApiDocument } from '../../openapi/document.ts';
import { OperationFinder } from '../../openapi/match.ts';
import { serverUrl } from '../../openapi/operations.ts';
import { securitySchemes, type OAuthFlow, type Requirement } from '../../openapi/security.ts';
import type { ContractRequest } from '../../pact/model.ts';
import { toPointer, valueAt } from '../../util/json.ts';
import { broken, holds, type PlaceVerdict } from './proof/place-verdict.ts';
import { cookiesOf, type FoundOperation } from './prove-parameters.ts';
import { tokenRequestForm } from './token-form.ts';

/** The flow that each grant type belongs to. A refresh token may come from any. */
const flowNames: Readonly<Record<string, string>> = {
  client_credentials: 'clientCredentials',
  password: 'password',
  authorization_code: 'authorizationCode',
};

export function isTokenPath(document: OpenApiDocument, path: string): boolean {
  return flowsOf(document).some((flow) => pathOf(document, flow) === path);
}

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
  flows: readonly OAuthFlow[],
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
function isFor(operation: FoundOperation, tokenPath: string): boolean {
  return new OperationFinder([operation]).find('POST', tokenPath).kind !== 'no path';
}

function pathOf(document: OpenApiDocument, { tokenUrl }: OAuthFlow): string | undefined {
  if (tokenUrl === undefined) return undefined;
  const base = serverUrl(document.servers);
  return URL.canParse(tokenUrl, base.href) ? decodeURI(new URL(tokenUrl, base).pathname) : undefined;
}

function proveTokenScopes(form: URLSearchParams, flows: readonly OAuthFlow[], pointer: string): PlaceVerdict[] {
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
  if (operation && operation.security.alternatives.length > 0) return [];
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
  const { alternatives } = operation.security;
  const scoped = alternatives.filter((each) =>
    each.some(({ definition, scopes }) => scopes.length > 0 && definition?.flows.length),
  );
  if (scoped.length === 0 || scoped.length < alternatives.length) return [];
  const at = { place: '$.request.headers.Authorization', rule: 'scope', pointer: toPointer(securitySteps(operation)) };
  const needed = (each: readonly Requirement[]): string[] => each.flatMap(({ scopes }) => scopes);
  const words = scoped.map((each) => needed(each).join(' and ')).join(', or ');
  const has = ({ definition, scopes }: Requirement): boolean =>
    !definition?.flows.length || definition.flows.some((flow) => scopes.every((scope) => flow.scopes.has(scope)));
  const offered = scoped.filter((each) => each.every(has));
  if (offered.length === 0)
    return [broken(at, `The operation requires ${words}; no flow of its scheme defines that scope.`)];
  if (asked.length === 0) return [];
  if (offered.some((each) => asked.some((scopes) => !scopes || needed(each).every((scope) => scopes.has(scope)))))
    return [holds(at, `The operation requires ${words}, and a token request of the contracts asks for it.`)];
  return [broken(at, `The operation requires ${words}; no token request of the contracts asks for it.`)];
}

function securitySteps({ schemas, steps }: FoundOperation): readonly string[] {
  return valueAt(schemas.document, [...steps, 'security']) === undefined ? ['security'] : [...steps, 'security'];
}

export function proveSecurity(operation: FoundOperation, request: ContractRequest, rule = 'security'): PlaceVerdict[] {
  const { alternatives, optional } = operation.security;
  if (optional) return [];
  const at = { place: '$.request.headers.Authorization', rule, pointer: toPointer(securitySteps(operation)) };
  const presented = alternatives.find((each) => each.every((requirement) => presents(request, requirement)));
  if (presented) return [holds(at, `The specification requires ${describe(presented)}, and the request sends it.`)];
  const words = alternatives.map(describe).join(', or ');
  return [broken(at, `The specification requires ${words}; the request does not send it.`)];
}

/** The names of query parameters that carry a key. */
export function keyParameters({ schemas }: FoundOperation): Set<string> {
  const places = [...securitySchemes(schemas.document).values()].map(({ place }) => place);
  return new Set(places.flatMap((place) => (place.in === 'query' ? [place.name] : [])));
}

function presents(request: ContractRequest, { definition }: Requirement): boolean {
  if (!definition) return false;
  const { place } = definition;
  switch (place.in) {
    case 'connection':
      // A request does not show whether the connection has a client certificate.
      return true;
    case 'query':
      return request.query.has(place.name);
    case 'cookie':
      return cookiesOf(request).has(place.name);
    case 'header':
      return request.headers.has(place.name.toLowerCase());
    case 'authorization':
      break;
  }
  const [header = ''] = request.headers.get('authorization')?.values ?? [];
  return header.toLowerCase().startsWith(`${place.word.toLowerCase()} `);
}

function describe(alternative: readonly Requirement[]): string {
  return alternative.map(describeScheme).join(' and ');
}

function describeScheme({ definition }: Requirement): string {
  if (!definition) return 'an undefined security scheme';
  const { place } = definition;
  if (place.in === 'connection') return 'a client certificate';
  if (place.in !== 'authorization') return `a key in the ${place.in} ${place.name}`;
  const { word } = place;
  return word.toLowerCase() === 'bearer'
    ? 'a bearer token'
    : `HTTP ${word[0]?.toUpperCase() ?? ''}${word.slice(1)} authentication`;
}

function flowsOf(document: OpenApiDocument): OAuthFlow[] {
  return [...securitySchemes(document).values()].flatMap(({ flows }) => flows);
}
