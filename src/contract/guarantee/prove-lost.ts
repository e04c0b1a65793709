import type { OpenApiDocument } from '../../openapi/document.ts';
import { toPointer } from '../../util/json.ts';
import type { Interaction } from '../../pact/model.ts';
import type { Search } from './operation/find-operation.ts';
import type { Finding } from '../../verify/guarantee/proof/finding.ts';
import { isTokenPath, proveTokenRequest } from '../../verify/guarantee/prove-oauth.ts';

/** What is to be said of a request for which the specification has no operation. */
export function proveLost(
  specification: OpenApiDocument,
  { request, response }: Interaction,
  search: Exclude<Search, { kind: 'operation' }>,
): Finding[] {
  if (search.kind === 'no method') {
    const at = { place: '$.request.method', rule: 'method', pointer: toPointer(['paths', search.path]) };
    if (response.status === 405)
      return [
        {
          ...at,
          result: 'holds',
          sentence: `The specification has no ${request.method} for ${search.path}, and the contract expects 405.`,
        },
      ];
    const sentence = `The contract sends ${request.method}, and the specification has ${search.methods.join(', ')} for ${search.path}.`;
    return [{ ...at, result: 'broken', sentence }];
  }
  const token = proveTokenRequest(specification, request, undefined);
  const at = { place: '$.request.path', rule: 'path', pointer: '/paths' };
  if (isTokenPath(specification, request.path)) {
    const sentence = 'The specification names this path as a token URL and does not describe its answers.';
    return [{ ...at, result: 'not verifiable', sentence }, ...token];
  }
  if (response.status === 404) {
    const sentence = 'The specification does not have this path, and the contract expects 404.';
    return [{ ...at, result: 'holds', sentence }];
  }
  const hint = search.near === undefined ? '' : ` Did you mean ${search.near}?`;
  return [
    { ...at, result: 'broken', sentence: `The specification does not have the path ${request.path}.${hint}` },
    ...token,
  ];
}
