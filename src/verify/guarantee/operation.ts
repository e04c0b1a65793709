import { methods, type Method, type OpenApiDocument, type PathItem, type Server } from '../../openapi/document.ts';
import { follow, lookUp } from '../../openapi/look-up.ts';
import { serverUrl } from '../../openapi/operations.ts';
import { parameterNames, segmentPattern } from '../../openapi/path-template.ts';
import { entriesOf, fieldsOf, type Fields } from '../../pact/input.ts';
import { nearest } from '../../util/did-you-mean.ts';
import { valueAt } from '../../util/json.ts';
import type { Steps } from '../../openapi/schema.ts';

/** The operation of the specification that a request of a contract is for. */
export interface FoundOperation {
  document: OpenApiDocument;
  method: Method;
  /** As the specification has it. */
  path: string;
  /** Values of the parameters in the path, decoded. */
  pathValues: ReadonlyMap<string, string>;
  /** The paths of its servers, without a slash at their end. */
  prefixes: readonly string[];
  /** The keys that lead to the operation, with no reference on the way. */
  steps: Steps;
}

/** An object of the specification, with the keys that lead to it. */
export interface Part {
  steps: Steps;
  fields: Fields;
}

/** `GET /path`. */
export function operationName({ method, path }: { method: string; path: string }): string {
  return `${method.toUpperCase()} ${path}`;
}

/** The object at a place, references followed, or undefined where there is none. */
export function partAt(document: OpenApiDocument, at: Steps): Part | undefined {
  const steps = follow(document, at);
  const fields = fieldsOf(valueAt(document, steps));
  return fields && { steps, fields };
}

/** The objects below the names of an object. */
export function partsBelow(document: OpenApiDocument, at: Steps): Map<string, Part> {
  const part = partAt(document, at);
  const found = new Map<string, Part>();
  for (const [name] of entriesOf(part?.fields)) {
    const below = partAt(document, [...(part?.steps ?? []), name]);
    if (below) found.set(name, below);
  }
  return found;
}

/** The parameters of an operation; its own override those of its path. */
export function parametersOf({ document, path, steps }: FoundOperation): Part[] {
  const found = new Map<string, Part>();
  for (const holder of [follow(document, ['paths', path]), steps]) {
    const list = valueAt(document, follow(document, [...holder, 'parameters']));
    if (!Array.isArray(list)) continue;
    for (const index of list.keys()) {
      const part = partAt(document, [...holder, 'parameters', String(index)]);
      if (part) found.set(JSON.stringify([part.fields['in'], part.fields['name']]), part);
    }
  }
  return [...found.values()];
}

/** What a search found; without an operation, what comes near. */
export type Search =
  | { kind: 'operation'; operation: FoundOperation }
  | { kind: 'no method'; path: string; methods: string[] }
  | { kind: 'no path'; near: string | undefined };

interface Candidate {
  path: string;
  item: PathItem;
  values: Map<string, string>;
}

/**
 * The operation that a request is for. The path is looked for below the path of each server, and if there is nothing, by itself:
 * a contract may be made for a provider whose address ends with that path. Of several, the one with the fewest parameters is
 * taken (OpenAPI 3.1, section 4.8.8.2).
 */
export function findOperation(document: OpenApiDocument, method: string, path: string): Search {
  const wanted = methods.find((each) => each.toUpperCase() === method);
  const items = Object.entries(document.paths ?? {}).map(
    ([each, item]) => [each, lookUp<PathItem>(document, item)] as const,
  );
  let other: Candidate | undefined;
  for (const alone of [false, true]) {
    const candidates = items
      .flatMap(([each, item]) => matches(each, item, document, wanted, path, alone))
      .toSorted((a, b) => a.values.size - b.values.size);
    const found = candidates.find(({ item }) => wanted !== undefined && item[wanted] !== undefined);
    if (found && wanted) return { kind: 'operation', operation: operationOf(document, wanted, found) };
    other ??= candidates[0];
  }
  if (!other)
    return {
      kind: 'no path',
      near: nearest(
        path,
        items.flatMap(([each, item]) => prefixesOf(item, document).map((prefix) => prefix + each)),
      ),
    };
  const { item } = other;
  return {
    kind: 'no method',
    path: other.path,
    methods: methods.filter((each) => item[each]).map((each) => each.toUpperCase()),
  };
}

function operationOf(document: OpenApiDocument, method: Method, { path, item, values }: Candidate): FoundOperation {
  const prefixes = prefixesOf(item, document, method);
  return { document, method, path, pathValues: values, prefixes, steps: follow(document, ['paths', path, method]) };
}

function matches(
  template: string,
  item: PathItem,
  document: OpenApiDocument,
  method: Method | undefined,
  path: string,
  alone: boolean,
): Candidate[] {
  const prefixes = alone ? [''] : prefixesOf(item, document, method);
  for (const prefix of prefixes) {
    if (!path.startsWith(prefix)) continue;
    const values = match(template, path.slice(prefix.length));
    if (values) return [{ path: template, item, values }];
  }
  return [];
}

/** The paths of the servers that count for a path item, without a slash at their end. */
function prefixesOf(item: PathItem, document: OpenApiDocument, method?: Method): string[] {
  const own = method === undefined ? undefined : item[method]?.servers;
  const servers: (Server | undefined)[] = own ?? item.servers ?? document.servers ?? [undefined];
  return [...new Set(servers.map((server) => serverUrl(server && [server]).pathname.replace(/\/$/, '')))];
}

/** The values of the parameters where a path fits a template. */
export function match(template: string, path: string): Map<string, string> | undefined {
  const [segments, actual] = [template.split('/'), path.split('/')];
  if (segments.length !== actual.length) return undefined;
  const values = new Map<string, string>();
  for (const [index, segment] of segments.entries()) {
    const found = segmentPattern(segment).exec(actual[index] ?? '');
    if (!found) return undefined;
    for (const [at, name] of parameterNames(segment).entries()) values.set(name, decode(found[at + 1] ?? ''));
  }
  return values;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The response that the specification describes for a status: by itself, by its range `4XX`, or as `default`. */
export function findResponse(operation: FoundOperation, status: number): { key: string; response: Part } | undefined {
  const all = partsBelow(operation.document, [...operation.steps, 'responses']);
  for (const wanted of [String(status), `${String(status)[0]}xx`, 'default']) {
    for (const [key, response] of all) if (key.toLowerCase() === wanted) return { key, response };
  }
  return undefined;
}

/** The statuses that the specification describes, within a sentence. */
export function describedStatuses({ document, steps }: FoundOperation): string {
  const keys = [...partsBelow(document, [...steps, 'responses']).keys()];
  return keys.length > 0 ? keys.join(', ') : 'none';
}
