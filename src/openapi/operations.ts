import { lookUp } from './look-up.ts';
import { methods, type OpenApiDocument, type OperationObject, type PathItem } from './document.ts';
import type { Operation } from '../spec/operation.ts';
import { segmentPattern } from './path-template.ts';
import { Problem } from '../util/errors.ts';
import { securityOf } from './security.ts';
import { serverUrl } from '../spec/server.ts';
import { clientCredentialsFlow } from '../spec/token-flow.ts';

/**
 * The operation table of a document, in the document's order.
 * @throws Problem if two operations have the same id, or one asks for a security scheme that the toolkit cannot check.
 */
export function readOperations(document: OpenApiDocument): Operation[] {
  const operations: Operation[] = [];
  for (const [path, reference] of Object.entries(document.paths ?? {})) {
    const item = lookUp<PathItem>(document, reference);
    for (const method of methods) {
      const operation = item[method];
      if (operation) operations.push(readOperation(document, path, item, method, operation));
    }
  }
  const twice = operations.find(({ id }, index) => operations.findIndex((other) => other.id === id) !== index);
  if (twice) {
    throw new Problem({
      code: 'spec_invalid',
      what: `Two operations have the operationId ${twice.id}.`,
      facts: { second: `${twice.method.toUpperCase()} ${twice.path}` },
      remedy: 'Give each operation an id of its own in the specification.',
    });
  }
  return operations;
}

function readOperation(
  document: OpenApiDocument,
  path: string,
  item: PathItem,
  method: Operation['method'],
  operation: OperationObject,
): Operation {
  const id = operation.operationId ?? `${method} ${path}`;
  const issuesTokens = method === 'post' && isTokenPath(document, path);
  return {
    id,
    method,
    path,
    serverPath: serverUrl(operation.servers ?? item.servers ?? document.servers).pathname.replace(/\/$/, ''),
    summary: operation.summary,
    security: securityOf(document, operation, id, issuesTokens),
    issuesTokens,
    parameters: readParameters(document, item, operation),
    requestTypes: Object.keys(operation.requestBody ? (lookUp(document, operation.requestBody).content ?? {}) : {}),
    statuses: Object.keys(operation.responses ?? {}),
  };
}

/** The operation's own parameters override those of its path (OpenAPI 3.1, section 4.8.9). */
function readParameters(
  document: OpenApiDocument,
  item: PathItem,
  operation: OperationObject,
): Operation['parameters'] {
  const parameters = new Map<string, Operation['parameters'][number]>();
  for (const reference of [...(item.parameters ?? []), ...(operation.parameters ?? [])]) {
    const { name, in: place, required = false } = lookUp(document, reference);
    parameters.set(`${place} ${name}`, { name, in: place, required });
  }
  return [...parameters.values()];
}

function isTokenPath(document: OpenApiDocument, path: string): boolean {
  const flow = clientCredentialsFlow(document);
  if (!flow) return false;
  const tokenPath = serverUrl([{ url: flow.tokenUrl }]).pathname.split('/');
  const template = path.split('/');
  return (
    template.length === tokenPath.length &&
    template.every((segment, index) => segmentPattern(segment).test(tokenPath[index] ?? ''))
  );
}
