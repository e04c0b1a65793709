import { Problem } from '../util/errors.ts';
import {
  methods,
  type Method,
  type OpenApiDocument,
  type OperationObject,
  type Parameter,
  type PathItem,
  type Server,
} from './document.ts';
import { lookUp } from './look-up.ts';
import { segmentPattern } from './path-template.ts';
import { clientCredentialsFlow, securityOf, type OperationSecurity } from './security.ts';

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

/** One row of the operation table: what the toolkit knows of an operation, all of it from the specification. */
export interface Operation {
  /** The `operationId`, or `method path` where the document gives none. */
  id: string;
  method: Method;
  /** The path as the document has it, with its templates: `/plots/{plotId}`. */
  path: string;
  /** The path of the operation's first server, without a slash at its end: `/api/v1`, or empty. */
  serverPath: string;
  summary?: string | undefined;
  /** What a caller must present, or undefined where the operation is open to all. */
  security: OperationSecurity | undefined;
  /** True for the operation that the client credentials flow's token URL leads to. */
  issuesTokens: boolean;
  parameters: Pick<Parameter, 'name' | 'in' | 'required'>[];
  /** Media types of the request's body, empty where it takes none. */
  requestTypes: string[];
  /** The documented statuses, in order: `['200', '401', 'default']`. */
  statuses: string[];
}

/**
 * The first server as a URL, its variables at their defaults. A document without servers, or with a relative one,
 * stands at `http://localhost`, as OpenAPI leaves it to the place where the document was found.
 */
export function serverUrl(servers: Server[] | undefined): URL {
  const [first = { url: '/' }] = servers ?? [];
  const url = first.url.replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => first.variables?.[name]?.default ?? whole);
  return new URL(url, 'http://localhost');
}
