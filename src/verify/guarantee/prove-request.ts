import { toPointer } from '../../util/json.ts';
import type { Interaction } from '../../pact/model.ts';
import { acceptedTypes, isWithin } from '../../util/media-type.ts';
import { findResponse } from '../../contract/guarantee/operation/find-response.ts';
import { partsBelow, type FoundOperation } from './operation.ts';
import type { Finding } from './proof/finding.ts';
import type { Schemas } from './proof/schemas.ts';
import { keyParameters, proveSecurity } from '../../contract/guarantee/request/prove-security.ts';
import { proveParameters } from './prove-parameters.ts';
import { proveRequestBody } from '../../contract/guarantee/request/prove-request-body.ts';
import { proveScopes } from '../../contract/guarantee/request/prove-scopes.ts';
import { proveTokenRequest } from './prove-oauth.ts';
import { tokenForm } from './token-form.ts';

/**
 * Proves that the specification allows the request of an interaction. Where the contract expects it to be refused, what the
 * specification does not allow is as it should be.
 * @param asked the scopes that the token requests of the contracts ask for.
 */
export function proveRequest(
  schemas: Schemas,
  operation: FoundOperation,
  { request, response: { status } }: Interaction,
  asked: readonly (ReadonlySet<string> | undefined)[],
): Finding[] {
  const rule = tokenForm(request) ? 'client authentication' : 'security';
  const findings = [
    ...proveParameters(schemas, operation, request, keyParameters(operation)),
    ...proveRequestBody(schemas, operation, request),
    ...proveSecurity(operation, request, rule),
    ...proveTokenRequest(operation.document, request, operation),
    ...proveAccept(operation, request.headers.get('accept')?.values.join(','), status),
    ...(status < 400 ? proveScopes(operation, asked) : []),
  ];
  return status >= 400 && status < 500 ? findings.map((finding) => refused(finding, status)) : findings;
}

function refused(finding: Finding, status: number): Finding {
  if (finding.result !== 'broken') return finding;
  const sentence = `${finding.sentence} The contract expects that it is refused, with ${status}.`;
  return { ...finding, result: 'holds', sentence };
}

function proveAccept(operation: FoundOperation, accept: string | undefined, status: number): Finding[] {
  const response = findResponse(operation, status)?.response;
  const described = response ? [...partsBelow(operation.document, [...response.steps, 'content']).keys()] : [];
  if (accept === undefined || !response || described.length === 0) return [];
  const ranges = acceptedTypes(accept);
  const at = { place: '$.request.headers.Accept', rule: 'accept', pointer: toPointer([...response.steps, 'content']) };
  if (described.some((type) => ranges.some((range) => isWithin(type, range) || isWithin(range, type))))
    return [{ ...at, result: 'holds', sentence: 'The specification describes a media type that the request accepts.' }];
  return [
    {
      ...at,
      result: 'broken',
      sentence: `The request of the contract accepts ${ranges.join(', ')}, and the specification describes ${described.join(', ')}.`,
    },
  ];
}
