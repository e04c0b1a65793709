import type { OpenApiDocument } from './document.ts';
import { entriesOf, fieldsOf, valueAt } from '../util/json.ts';
import { follow } from './look-up.ts';
import type { Operation } from './operations.ts';
import { successMediaType, successStatus } from './responses.ts';

/** What the specification says of the tokens that its token endpoint issues. */
export interface TokenSettings {
  /** Lifetime of a token in seconds: `expires_in` of the documented example. */
  lifetime: number;
  /** Claims of fixed value, from `x-token-claims` of the property `access_token`. */
  claims: Record<string, unknown>;
  scopeRequired: boolean;
}

const defaults: TokenSettings = { lifetime: 3600, claims: {}, scopeRequired: false };

export function readTokenSettings(document: OpenApiDocument, operations: readonly Operation[]): TokenSettings {
  const operation = operations.find(({ issuesTokens }) => issuesTokens);
  if (!operation) return defaults;
  const { steps, requestTypes } = operation;
  const at = (...path: string[]): unknown => valueAt(document, follow(document, path));
  const status = successStatus(operation) ?? '200';
  const type = successMediaType(document, operation) ?? 'application/json';
  const media = [...steps, 'responses', status, 'content', type];
  const lifetimes = [
    at(...media, 'example', 'expires_in'),
    ...entriesOf(at(...media, 'examples')).map(([name]) => at(...media, 'examples', name, 'value', 'expires_in')),
  ].filter((value) => typeof value === 'number');
  const required = at(...steps, 'requestBody', 'content', requestTypes[0] ?? '', 'schema', 'required');
  return {
    lifetime: lifetimes.find((value) => value > 0) ?? defaults.lifetime,
    claims: { ...fieldsOf(at(...media, 'schema', 'properties', 'access_token', 'x-token-claims')) },
    scopeRequired: Array.isArray(required) && required.includes('scope'),
  };
}
