import type { OpenApiDocument } from './document.ts';
import { valueAt } from '../util/json.ts';
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
  const answer = answerSteps(document, operation);
  const claims = valueThrough(document, [...answer, 'schema', 'properties', 'access_token', 'x-token-claims']);
  return {
    lifetime: exampleLifetime(document, answer) ?? defaults.lifetime,
    claims: typeof claims === 'object' && claims !== null ? { ...claims } : {},
    scopeRequired: requiresScope(document, operation),
  };
}

function answerSteps(document: OpenApiDocument, operation: Operation): string[] {
  const status = successStatus(operation) ?? '200';
  const type = successMediaType(document, operation) ?? 'application/json';
  return ['paths', operation.path, operation.method, 'responses', status, 'content', type];
}

function exampleLifetime(document: OpenApiDocument, answer: string[]): number | undefined {
  const named = valueThrough(document, [...answer, 'examples']);
  const candidates = [
    valueThrough(document, [...answer, 'example', 'expires_in']),
    ...Object.keys(named ?? {}).map((key) =>
      valueThrough(document, [...answer, 'examples', key, 'value', 'expires_in']),
    ),
  ];
  return candidates.find((value): value is number => typeof value === 'number' && value > 0);
}

function requiresScope(document: OpenApiDocument, operation: Operation): boolean {
  const [type] = operation.requestTypes;
  const body = ['paths', operation.path, operation.method, 'requestBody', 'content', type ?? '', 'schema', 'required'];
  const required = valueThrough(document, body);
  return Array.isArray(required) && required.includes('scope');
}

function valueThrough(document: OpenApiDocument, steps: string[]): object | number | undefined {
  const value = valueAt(document, follow(document, steps));
  return typeof value === 'number' || (typeof value === 'object' && value !== null) ? value : undefined;
}
