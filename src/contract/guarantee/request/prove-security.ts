import { toPointer, valueAt } from '../../../util/json.ts';
import type { ContractRequest } from '../../../pact/model.ts';
import { entriesOf, type Fields } from '../../../pact/input.ts';
import type { FoundOperation, Part } from '../../../verify/guarantee/operation.ts';
import type { Finding } from '../../../verify/guarantee/proof/finding.ts';
import { cookiesOf } from '../../../verify/guarantee/prove-parameters.ts';
import { securitySchemes } from './security-schemes.ts';

/** What must be presented together: the names of schemes, with the scopes that each asks for. */
export type Alternative = readonly [scheme: string, scopes: readonly string[]][];

/** What an operation asks of its caller, one of the alternatives; none, if it asks for nothing. */
export function securityOf({ document, steps }: FoundOperation): {
  alternatives: Alternative[];
  steps: readonly string[];
} {
  const own = valueAt(document, [...steps, 'security']);
  const list = own ?? document.security;
  const alternatives = Array.isArray(list)
    ? list.map((each: unknown) =>
        entriesOf(each).map(([scheme, scopes]) => [scheme, Array.isArray(scopes) ? scopes.map(String) : []] as const),
      )
    : [];
  return {
    alternatives: alternatives.map((each) => each.map(([scheme, scopes]) => [scheme, scopes])),
    steps: own === undefined ? ['security'] : [...steps, 'security'],
  };
}

/** Proves that a request presents what the operation asks for. */
export function proveSecurity(operation: FoundOperation, request: ContractRequest, rule = 'security'): Finding[] {
  const { alternatives, steps } = securityOf(operation);
  if (alternatives.length === 0 || alternatives.some((each) => each.length === 0)) return [];
  const schemes = securitySchemes(operation.document);
  const at = { place: '$.request.headers.Authorization', rule, pointer: toPointer(steps) };
  const presented = alternatives.find((each) => each.every(([name]) => presents(request, schemes.get(name))));
  if (presented) {
    const words = presented.map(([name]) => describe(schemes.get(name)?.fields)).join(' and ');
    return [{ ...at, result: 'holds', sentence: `The specification asks for ${words}, and the request presents it.` }];
  }
  const words = alternatives
    .map((each) => each.map(([name]) => describe(schemes.get(name)?.fields)).join(' and '))
    .join(', or ');
  return [
    {
      ...at,
      result: 'broken',
      sentence: `The specification asks for ${words}, and the request of the contract does not present it.`,
    },
  ];
}

/** The names of query parameters that carry a key. */
export function keyParameters({ document }: FoundOperation): Set<string> {
  const schemes = [...securitySchemes(document).values()];
  return new Set(
    schemes.flatMap(({ fields }) =>
      fields['type'] === 'apiKey' && fields['in'] === 'query' ? [String(fields['name'])] : [],
    ),
  );
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

/** The word with which `Authorization` begins. */
function authorizationOf({ type, scheme }: Fields): string {
  return type === 'http' ? String(scheme) : 'Bearer';
}

function describe(fields: Fields | undefined): string {
  if (!fields) return 'a scheme that is not described';
  const { type, in: where, name } = fields;
  if (type === 'apiKey') return `a key in the ${String(where)} ${String(name)}`;
  if (type === 'mutualTLS') return 'a certificate of the client';
  const word = authorizationOf(fields);
  return word.toLowerCase() === 'bearer'
    ? 'a bearer token'
    : `HTTP ${word[0]?.toUpperCase() ?? ''}${word.slice(1)} authentication`;
}
