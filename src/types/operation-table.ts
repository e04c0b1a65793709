import type { Api } from '../openapi/api.ts';
import type { Operation } from '../openapi/operations.ts';
import { Problem } from '../util/errors.ts';
import { successStatus } from '../openapi/responses.ts';
import { tokenScopes } from '../openapi/security.ts';
import { writeClientTable } from './client.ts';
import { clientTable } from './client-table.ts';

/**
 * The operation table as a TypeScript module, with literal types.
 * @throws Problem if an operation has no id,.
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
  const { title, version } = document.info;
  const table = Object.fromEntries(operations.map((operation) => [operation.id, row(operation)]));
  return [
    '/** The API as its specification names it. */',
    `export const api = ${JSON.stringify({ title, version }, null, 2)} as const;`,
    '',
    '/** Operation id to what a caller must know to call it. */',
    `export const operationTable = ${JSON.stringify(table, null, 2)} as const;`,
    '',
    ...Object.values(writeClientTable(clientTable({ document, operations }))),
  ].join('\n');
}

function row(operation: Operation): object {
  const { id, method, path, serverPath, security, issuesTokens, parameters, requestTypes, statuses } = operation;
  return {
    id,
    method: method.toUpperCase(),
    path,
    serverPath,
    scopes: tokenScopes(security) ?? null,
    issuesTokens,
    parameters: parameters.map(({ name, in: place, required }) => ({ name, in: place, required })),
    requestTypes,
    success: successStatus(operation) ?? null,
    statuses,
  };
}
