import { toPointer } from '../../util/json.ts';
import type { OpenApiDocument } from '../../openapi/document.ts';
import { serverUrl } from '../../spec/server.ts';
import type { ContractRequest } from '../../pact/model.ts';
import { match } from '../../contract/guarantee/operation/find-operation.ts';
import type { FoundOperation } from './operation.ts';
import type { Finding } from './proof/finding.ts';
import { proveClient, proveTokenScopes } from '../../contract/guarantee/request/prove-token-form.ts';
import { tokenForm } from './token-form.ts';
import { flowsOf, type Flow } from '../../contract/guarantee/request/security-schemes.ts';

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
    ...proveTokenScopes(form, flows),
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

function pathOf(document: OpenApiDocument, { tokenUrl }: Flow): string | undefined {
  if (tokenUrl === undefined) return undefined;
  const base = serverUrl(document.servers);
  return URL.canParse(tokenUrl, base.href) ? decodeURI(new URL(tokenUrl, base).pathname) : undefined;
}
