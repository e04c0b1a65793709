import type { Api } from '../spec/api.ts';
import type { Operation } from '../spec/operation.ts';
import { Problem } from '../spec/problem.ts';
import { successStatus } from '../spec/success.ts';

/**
 * The operation table as a TypeScript module, with literal types.
 * @throws Problem if an operation has no id.
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
  const api = {
    title: document.info.title,
    version: document.info.version,
    servers: (document.servers ?? []).map(({ url }) => url),
  };
  const table = Object.fromEntries(operations.map((operation) => [operation.id, row(operation)]));
  return [
    '/** The API as its specification names it. */',
    `export const api = ${JSON.stringify(api, null, 2)} as const;`,
    '',
    '/** Operation id to what a caller must know to call it. */',
    `export const operationTable = ${JSON.stringify(table, null, 2)} as const;`,
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
    security: security ?? null,
    issuesTokens,
    parameters,
    requestTypes,
    success: successStatus(operation) ?? null,
    statuses,
  };
}
