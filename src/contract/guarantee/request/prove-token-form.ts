import { toPointer } from '../../../util/json.ts';
import type { ContractRequest } from '../../../pact/model.ts';
import type { FoundOperation } from '../../../verify/guarantee/operation.ts';
import type { Finding } from '../../../verify/guarantee/proof/finding.ts';
import { securityOf } from './prove-security.ts';
import type { Flow } from './security-schemes.ts';

/** Proves of the form of a token request that its flow has the scopes. */
export function proveTokenScopes(form: URLSearchParams, flows: readonly Flow[]): Finding[] {
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
export function proveClient(
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
