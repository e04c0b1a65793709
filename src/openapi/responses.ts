import { valueAt } from '../util/json.ts';
import type { OpenApiDocument } from './document.ts';
import { follow } from './look-up.ts';
import type { Operation } from './operations.ts';
import { typesOf } from './schema.ts';

/** The status of an operation's success: its lowest documented 2xx, or undefined. */
export function successStatus(operation: Operation): string | undefined {
  return operation.statuses.filter((status) => /^2\d\d$/.test(status)).toSorted()[0];
}

/** The media type of an operation's successful answer, JSON if it can be had. */
export function successMediaType(
  document: OpenApiDocument,
  operation: Operation,
  status = successStatus(operation),
): string | undefined {
  const steps = contentSteps(document, operation, status);
  const content = steps && valueAt(document, steps);
  const types = typeof content === 'object' && content !== null ? Object.keys(content) : [];
  return types.find(isJson) ?? types[0];
}

/** The steps to the schema of an operation's successful answer, with no reference on the way. */
export function successSchema(
  document: OpenApiDocument,
  operation: Operation,
  status = successStatus(operation),
): string[] | undefined {
  const content = contentSteps(document, operation, status);
  const type = successMediaType(document, operation, status);
  if (content === undefined || type === undefined) return undefined;
  const steps = [...content, type, 'schema'];
  return valueAt(document, steps) === undefined ? undefined : follow(document, steps);
}

/** The types, as `typesOf` says them, that the top level of an operation's answer may have; empty where it is not JSON. */
export function successTypes(document: OpenApiDocument, operation: Operation, status: string): string[] {
  const steps = successSchema(document, operation, status);
  return steps && isJson(successMediaType(document, operation, status) ?? '') ? typesOf(document, steps) : [];
}

function isJson(mediaType: string): boolean {
  return /^application\/(.+\+)?json\b/i.test(mediaType);
}

function contentSteps(
  document: OpenApiDocument,
  operation: Operation,
  status: string | undefined,
): string[] | undefined {
  if (status === undefined) return undefined;
  return follow(document, ['paths', operation.path, operation.method, 'responses', status, 'content']);
}

/**
 * The names of the examples that an operation documents for a status, in whatever media type. One that has no name is
 * `default`, as Prism calls it.
 */
export function exampleNames(document: OpenApiDocument, operation: Operation, status: string): string[] {
  const content = ['paths', operation.path, operation.method, 'responses', status, 'content'];
  const objectAt = (steps: string[]): object => Object(valueAt(document, follow(document, steps)));
  const names = Object.keys(objectAt(content)).flatMap((type) => {
    const [media, schema] = [objectAt([...content, type]), objectAt([...content, type, 'schema'])];
    const unnamed = 'example' in media || 'example' in schema || 'examples' in schema;
    return [...(unnamed ? ['default'] : []), ...Object.keys(objectAt([...content, type, 'examples']))];
  });
  return [...new Set(names)];
}
