import { fieldsOf, valueAt } from '../util/json.ts';
import { isJson } from '../util/media-type.ts';
import type { OpenApiDocument } from './document.ts';
import { follow, partAt, type Part } from './look-up.ts';
import { typesOf } from './schema.ts';

/** What is asked of an operation here. */
interface Documented {
  statuses: string[];
  steps: string[];
}

/** The documented status that one falls under: itself, its range `4XX`, or `default`. */
export function documentedStatus(statuses: readonly string[], status: number): string | undefined {
  const range = `${String(status)[0]}xx`;
  for (const wanted of [String(status), range, 'default']) {
    const found = statuses.find((each) => each.toLowerCase() === wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The response that an operation documents for a status, and the documented status. */
export function findResponse(
  document: OpenApiDocument,
  { statuses, steps }: Documented,
  status: number,
): { key: string; response: Part } | undefined {
  const key = documentedStatus(statuses, status);
  const response = key === undefined ? undefined : partAt(document, [...steps, 'responses', key]);
  return key === undefined || !response ? undefined : { key, response };
}

/** The status of an operation's success: its lowest documented 2xx, or undefined. */
export function successStatus(operation: Documented): string | undefined {
  return operation.statuses.filter((status) => /^2\d\d$/.test(status)).toSorted()[0];
}

/**
 * The documented status of the answer to a right request, as Prism chooses it: the lowest success, the range `2XX`, `default`,
 * or the first. Of several successes it is the first that has a body.
 */
export function usualStatus(document: OpenApiDocument, operation: Documented): string | undefined {
  const successes = operation.statuses.filter((status) => /^2(\d\d|XX)$/i.test(status)).toSorted();
  const withBody = successes.find(
    (status) => Object.keys(contentOf(document, operation, status)?.fields ?? {}).length > 0,
  );
  return withBody ?? successes[0] ?? operation.statuses.find((status) => status === 'default') ?? operation.statuses[0];
}

/** The media type of an operation's successful answer, JSON if it can be had. */
export function successMediaType(
  document: OpenApiDocument,
  operation: Documented,
  status = successStatus(operation),
): string | undefined {
  const types = Object.keys(contentOf(document, operation, status)?.fields ?? {});
  return types.find(isJson) ?? types[0];
}

/** The steps to the schema of an operation's successful answer, with no reference on the way. */
export function successSchema(
  document: OpenApiDocument,
  operation: Documented,
  status = successStatus(operation),
): string[] | undefined {
  const type = successMediaType(document, operation, status);
  if (type === undefined) return undefined;
  const steps = [...(contentOf(document, operation, status)?.steps ?? []), type, 'schema'];
  return valueAt(document, steps) === undefined ? undefined : follow(document, steps);
}

/** The types, as `typesOf` says them, that the top level of an operation's answer may have; empty where it is not JSON. */
export function successTypes(document: OpenApiDocument, operation: Documented, status: string): string[] {
  const steps = successSchema(document, operation, status);
  return steps && isJson(successMediaType(document, operation, status) ?? '') ? typesOf(document, steps) : [];
}

function contentOf(document: OpenApiDocument, { steps }: Documented, status: string | undefined): Part | undefined {
  return status === undefined ? undefined : partAt(document, [...steps, 'responses', status, 'content']);
}

/**
 * The names of the examples that an operation documents for a status, in whatever media type. One that has no name is
 * `default`, as Prism calls it.
 */
export function exampleNames(document: OpenApiDocument, operation: Documented, status: string): string[] {
  const content = contentOf(document, operation, status);
  const names = Object.keys(content?.fields ?? {}).flatMap((type) => {
    const media = partAt(document, [...(content?.steps ?? []), type]);
    const schema = partAt(document, [...(media?.steps ?? []), 'schema'])?.fields ?? {};
    const unnamed = 'example' in (media?.fields ?? {}) || 'example' in schema || 'examples' in schema;
    return [...(unnamed ? ['default'] : []), ...Object.keys(fieldsOf(media?.fields['examples']) ?? {})];
  });
  return [...new Set(names)];
}
