import { toPointer } from '../../../spec/json-pointer.ts';
import type { OpenApiDocument } from '../../../spec/document.ts';
import { serverUrl } from '../../../spec/server.ts';
import type { ContractRequest, Interaction } from '../../pact/contract.ts';
import { match } from '../operation/find-operation.ts';
import { securityOf } from './prove-security.ts';
import type { FoundOperation } from '../operation/operation.ts';
import type { Finding } from '../proof/finding.ts';
import { formOf } from './form.ts';
import { flowsOf, type Flow } from './security-schemes.ts';

/** The flow that each grant type belongs to. A refresh token may come from any. */
const flowNames: Readonly<Record<string, string>> = {
  client_credentials: 'clientCredentials',
  password: 'password',
  authorization_code: 'authorizationCode',
};

/** The form of a request for a token, or undefined where it is none (RFC 6749). */
export function tokenForm(request: ContractRequest): URLSearchParams | undefined {
  const form = request.method === 'POST' ? formOf(request) : undefined;
  return form?.has('grant_type') ? form : undefined;
}

/** The scopes that the successful token requests of a contract ask for; undefined for one that names none. */
export function askedScopes(interactions: readonly Interaction[]): (Set<string> | undefined)[] {
  return interactions.flatMap(({ request, response }) => {
    const form = response.status < 300 ? tokenForm(request) : undefined;
    if (!form) return [];
    const scope = form.get('scope');
    return [scope === null ? undefined : new Set(scope.split(' ').filter(Boolean))];
  });
}

/** Whether a path is that of a token URL. */
export function isTokenPath(document: OpenApiDocument, path: string): boolean {
  return flowsOf(document).some((flow) => pathOf(document, flow) === path);
}

/** Proves of a request for a token that the OAuth 2 flows of the specification allow it. */
export function proveTokenRequest(
  document: OpenApiDocument,
  request: ContractRequest,
  operation: FoundOperation | undefined,
): Finding[] {
  const form = tokenForm(request);
  const all = flowsOf(document);
  if (!form || all.length === 0) return [];
  const grant = form.get('grant_type') ?? '';
  const name = flowNames[grant];
  const flows = grant === 'refresh_token' ? all : all.filter((flow) => flow.name === name);
  const [first = all[0]] = flows;
  const pointer = toPointer(first?.steps ?? []);
  const at = { place: '$.request.body.grant_type', rule: 'flow', pointer };
  if (flows.length === 0)
    return [
      {
        ...at,
        result: 'broken',
        sentence: `The request of the contract has grant_type ${grant}, and the specification has ${all.map((flow) => flow.name).join(', ')} as its flows.`,
      },
    ];
  return [
    { ...at, result: 'holds', sentence: `The specification has a flow for grant_type ${grant}.` },
    proveUrl(document, request, operation, flows),
    ...proveScope(form, flows),
    ...proveClient(form, request, operation),
  ];
}

function proveUrl(
  document: OpenApiDocument,
  request: ContractRequest,
  operation: FoundOperation | undefined,
  flows: readonly Flow[],
): Finding {
  const paths = flows.flatMap((flow) => pathOf(document, flow) ?? []);
  const at = {
    place: '$.request.path',
    rule: 'token URL',
    pointer: toPointer([...(flows[0]?.steps ?? []), 'tokenUrl']),
  };
  const same = paths.some((path) => path === request.path || (operation && isFor(operation, path)));
  if (same) return { ...at, result: 'holds', sentence: 'The request goes to the token URL of the flow.' };
  return {
    ...at,
    result: 'broken',
    sentence: `The request of the contract goes to ${request.path}, the token URL of the specification is at ${paths.join(', ')}.`,
  };
}

/** Whether a token URL is that of the operation, whose path may have parameters. */
function isFor({ path, prefixes }: FoundOperation, tokenPath: string): boolean {
  return [...prefixes, ''].some(
    (prefix) => tokenPath.startsWith(prefix) && match(path, tokenPath.slice(prefix.length)),
  );
}

function proveScope(form: URLSearchParams, flows: readonly Flow[]): Finding[] {
  const scopes = (form.get('scope') ?? '').split(' ').filter(Boolean);
  if (scopes.length === 0) return [];
  const at = {
    place: '$.request.body.scope',
    rule: 'scope',
    pointer: toPointer([...(flows[0]?.steps ?? []), 'scopes']),
  };
  const unknown = scopes.filter((scope) => !flows.some((flow) => flow.scopes.has(scope)));
  if (unknown.length === 0)
    return [{ ...at, result: 'holds', sentence: 'The flow has the scopes that the request asks for.' }];
  return [
    {
      ...at,
      result: 'broken',
      sentence: `The request of the contract asks for ${unknown.join(', ')}, which no flow of the specification has.`,
    },
  ];
}

/** Where the specification does not say how the client authenticates, it is one of the two ways of RFC 6749 section 2.3.1. */
function proveClient(
  form: URLSearchParams,
  request: ContractRequest,
  operation: FoundOperation | undefined,
): Finding[] {
  if (operation && securityOf(operation).alternatives.length > 0) return [];
  const basic = request.headers.get('authorization')?.values[0]?.toLowerCase().startsWith('basic ') === true;
  const at = {
    place: '$.request.headers.Authorization',
    rule: 'client authentication',
    pointer: toPointer(operation?.steps ?? []),
  };
  if (basic || form.has('client_id') || form.has('client_assertion'))
    return [
      {
        ...at,
        result: 'holds',
        sentence: 'The client authenticates as RFC 6749 has it; the specification says nothing of it.',
      },
    ];
  return [
    {
      ...at,
      result: 'broken',
      sentence:
        'The client does not authenticate: neither by HTTP Basic nor by client_id in the form (RFC 6749 section 2.3.1).',
    },
  ];
}

function pathOf(document: OpenApiDocument, { tokenUrl }: Flow): string | undefined {
  if (tokenUrl === undefined) return undefined;
  const base = serverUrl(document.servers);
  return URL.canParse(tokenUrl, base.href) ? decodeURI(new URL(tokenUrl, base).pathname) : undefined;
}
