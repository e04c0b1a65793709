import type { Api } from '../openapi/api.ts';
import type { OpenApiDocument } from '../openapi/document.ts';
import type { Operation } from '../openapi/operations.ts';
import { Problem } from '../util/errors.ts';
import { successStatus, successTypes } from '../openapi/responses.ts';
import { refuseUncheckable } from '../openapi/security.ts';

/**
 * The operation table as a TypeScript module, with literal types.
 * @throws Problem if an operation has no id, or an unsupported security scheme.
 */
export function writeOperationTable({ document, operations }: Pick<Api, 'document' | 'operations'>): string {
  const nameless = operations.find(({ id, method, path }) => id === `${method} ${path}`);
  if (nameless) {
    throw new Problem({
      code: 'spec_invalid',
      what: `The operation ${nameless.method.toUpperCase()} ${nameless.path} has no operationId.`,
      remedy: 'Give it one: it becomes the name of its type and of its method.',
    });
  }
  refuseUncheckable(operations);
  const { title, version } = document.info;
  const servers = (document.servers ?? []).map(({ url }) => url);
  const table = Object.fromEntries(operations.map((operation) => [operation.id, row(operation)]));
  const callable = operations.filter(({ issuesTokens }) => !issuesTokens);
  const scopes = [...new Set(callable.flatMap(({ security }) => security.credentials?.scopes ?? []))];
  const calls = Object.fromEntries(callable.map((operation) => [operation.id, call(document, operation)]));
  return [
    '/** The API as its specification names it. */',
    `export const api = ${JSON.stringify({ title, version }, null, 2)} as const;`,
    '',
    '/** Its servers, production first. */',
    `export const servers: readonly string[] = ${JSON.stringify(servers, null, 2)};`,
    '',
    '/** Every scope that a token can need. */',
    `export const scopes: readonly string[] = ${JSON.stringify(scopes, null, 2)};`,
    '',
    '/** Operation id to what a caller must know to call it. */',
    `export const operationTable = ${JSON.stringify(table, null, 2)} as const;`,
    '',
    '/**',
    ' * The same for a client that has to be small: all but the operation that issues tokens, each with the scopes that its',
    ' * token must have (null: it needs none), the media type of its body, and the JSON types that the top level of a',
    ' * successful answer may have, by status (empty: any).',
    ' */',
    `export const calls = ${JSON.stringify(calls, null, 2)} as const;`,
    '',
  ].join('\n');
}

function row(operation: Operation): object {
  const { id, method, path, serverPath, security, issuesTokens, parameters, requestTypes, statuses } = operation;
  return {
    id,
    method: method.toUpperCase(),
    path,
    serverPath,
    security: security.credentials ?? null,
    issuesTokens,
    parameters: parameters.map(({ name, in: place, required }) => ({ name, in: place, required })),
    requestTypes,
    success: successStatus(operation) ?? null,
    statuses,
  };
}

function call(document: OpenApiDocument, operation: Operation): object {
  const { method, path, security, requestTypes, statuses } = operation;
  const successes = statuses.filter((status) => /^2\d\d$/.test(status));
  return {
    method: method.toUpperCase(),
    path,
    scopes: security.credentials?.scopes ?? null,
    ...(requestTypes[0] === undefined ? {} : { type: requestTypes[0] }),
    answers: Object.fromEntries(successes.map((status) => [status, successTypes(document, operation, status)])),
  };
}
