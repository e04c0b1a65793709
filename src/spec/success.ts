import type { OpenApiDocument } from './document.ts';
import { valueAt } from './json-pointer.ts';
import { follow } from './look-up.ts';
import type { Operation } from './operation.ts';

/** The status of an operation's success: its lowest documented 2xx, or undefined. */
export function successStatus(operation: Operation): string | undefined {
  return operation.statuses.filter((status) => /^2\d\d$/.test(status)).toSorted()[0];
}

/** The media type of an operation's successful answer, JSON if it can be had. */
export function successMediaType(document: OpenApiDocument, operation: Operation): string | undefined {
  const steps = contentSteps(document, operation);
  const content = steps && valueAt(document, steps);
  const types = typeof content === 'object' && content !== null ? Object.keys(content) : [];
  return types.find((type) => /^application\/(.+\+)?json\b/i.test(type)) ?? types[0];
}

/** The steps to the schema of an operation's successful answer, with no reference on the way. */
export function successSchema(document: OpenApiDocument, operation: Operation): string[] | undefined {
  const content = contentSteps(document, operation);
  const type = successMediaType(document, operation);
  if (content === undefined || type === undefined) return undefined;
  const steps = [...content, type, 'schema'];
  return valueAt(document, steps) === undefined ? undefined : follow(document, steps);
}

function contentSteps(document: OpenApiDocument, operation: Operation): string[] | undefined {
  const status = successStatus(operation);
  if (status === undefined) return undefined;
  return follow(document, ['paths', operation.path, operation.method, 'responses', status, 'content']);
}
