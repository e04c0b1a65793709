import { methods, type OpenApiDocument } from '../openapi/document.ts';
import { follow, partAt, partsBelow } from '../openapi/look-up.ts';
import { OperationFinder } from '../openapi/match.ts';
import { operationName, readParameters, readServers, serverUrl } from '../openapi/operations.ts';
import { SchemaChecker } from '../openapi/schema-checker.ts';
import { isList, fieldsOf } from '../util/json.ts';
import { change, type FoundChange } from './change.ts';
import { placeAt, schemaOf, type ComparedOperation } from './comparison.ts';

type Pairs = Map<string, [ComparedOperation | undefined, ComparedOperation | undefined]>;

/**
 * The operations of two documents in pairs, by method and path without the names of its parameters, which are never sent.
 * What is left is paired by the whole address, since a prefix may move between server and path, and then by a path
 * whose template fits the old one.
 */
export function pairOperations(before: OpenApiDocument, after: OpenApiDocument): Pairs {
  const [was, is] = [operationsOf(before), operationsOf(after)];
  const pairs: Pairs = new Map();
  const left = new Map(is);
  for (const [key, operation] of was) {
    pairs.set(key, [operation, left.get(key)]);
    left.delete(key);
  }
  const byAddress = new Map(
    [...left].flatMap(([key, each]) => addressesOf(each).map((address) => [address, key] as const)),
  );
  const finder = new OperationFinder([...is.values()].map((each) => ({ ...each, serverPath: '' })));
  for (const [key, [operation, other]] of pairs) {
    if (!operation || other) continue;
    const moved = addressesOf(operation).flatMap((address) => byAddress.get(address) ?? [])[0];
    const fitting = operation.path.includes('{') ? undefined : finder.find(operation.method, operation.path);
    const next = moved === undefined ? undefined : left.get(moved);
    if (next && moved !== undefined) left.delete(moved);
    const target =
      fitting?.kind === 'operation' && takes(fitting.operation, fitting.parameters) ? fitting.operation : undefined;
    pairs.set(key, [operation, next ?? (target && is.get(keyOf(target)))]);
    if (target) left.delete(keyOf(target));
  }
  for (const [key, each] of left) pairs.set(key, [undefined, each]);
  return pairs;
}

/** Whether the parameters of a path may have some values. */
function takes({ document, item, steps }: ComparedOperation, values: Readonly<Record<string, string>>): boolean {
  const checker = new SchemaChecker(document);
  return readParameters(document, [item.steps, steps]).every((each) => {
    const value = each.in === 'path' ? values[each.name] : undefined;
    const place = placeAt(document, each.steps);
    const schema = schemaOf(place);
    if (value === undefined || !schema) return true;
    const at = follow(document, schema);
    return checker.checkRequest(at, value, false).length === 0 || checker.checkRequest(at, value, true).length === 0;
  });
}

/** Whether a literal path is paired with a template that fits it. */
function isFitting(was: ComparedOperation, is: ComparedOperation): boolean {
  return keyOf(was) !== keyOf(is) && !addressesOf(was).some((each) => addressesOf(is).includes(each));
}

function keyOf({ method, path }: { method: string; path: string }): string {
  return `${method} ${path.replaceAll(/\{[^{}]*\}/g, '{}')}`;
}

function operationsOf(document: OpenApiDocument): Map<string, ComparedOperation> {
  const operations = new Map<string, ComparedOperation>();
  for (const [path, item] of partsBelow(document, ['paths'])) {
    for (const method of path.startsWith('/') ? methods : []) {
      const part = partAt(document, [...item.steps, method]);
      if (part)
        operations.set(keyOf({ method, path }), {
          document,
          item,
          method,
          path,
          name: operationName({ method, path }),
          ...part,
        });
    }
  }
  return operations;
}

function ownServers({ fields, item }: ComparedOperation): unknown {
  return fields['servers'] ?? item.fields['servers'];
}

/** The addresses under which an operation is found: those of its servers, for each value of their variables, and its path. */
function addressesOf(operation: ComparedOperation): string[] {
  const { method, path, document } = operation;
  return serversOf(ownServers(operation) ?? document.servers).map((server) => keyOf({ method, path: server + path }));
}

/** Variables beyond these are left at their defaults. */
const mostValues = 200;

function serversOf(servers: unknown): string[] {
  const list = readServers(servers);
  const raw: unknown[] = isList(servers) ? servers : [];
  const found = (list.length > 0 ? list : [{ url: '/' }]).flatMap((server, index) => {
    let urls = [server.url];
    for (const [name, variable] of Object.entries(server.variables ?? {})) {
      const { enum: values }: Partial<Record<string, unknown>> =
        fieldsOf(fieldsOf(fieldsOf(raw[index])?.['variables'])?.[name]) ?? {};
      const texts =
        isList(values) && urls.length * values.length <= mostValues ? values.map(String) : [variable.default];
      urls = texts.flatMap((text) => urls.map((url) => url.replaceAll(`{${name}}`, text)));
    }
    return urls.map((url) => ({ url, address: serverUrl([{ url }]) }));
  });
  // Where a relative URL leads to depends on where the document was found.
  return found.map(({ url, address }) => {
    const path = address.pathname.replace(/(?<!\/)\/+$/, '');
    return /^(?:[a-z][a-z\d+.-]*:)?\/\//i.test(url) ? `${address.origin}${path}` : path;
  });
}

/** Where operations are no longer: told once for all that have the servers of the document. */
export function compareServers(pairs: Pairs): FoundChange[] {
  const told = new Map<string, FoundChange>();
  for (const [was, is] of pairs.values()) {
    if (!was || !is) continue;
    const own = [was, is].some((each) => ownServers(each) !== undefined);
    const [before, after] = [was, is].map((each) => serversOf(ownServers(each) ?? each.document.servers));
    // A path that fits a template is compared as that.
    const path = isFitting(was, is) ? is.path : was.path;
    const now = addressesOf(is);
    const gone = (before ?? []).filter((server) => !reaches(now, keyOf({ method: was.method, path: server + path })));
    if (gone.length === 0) continue;
    const say = (servers: readonly string[] = []): string => servers.map((each) => each || '/').join(' and ');
    const subject = own ? 'The operation' : 'The API';
    const found = change('breaking', 'server', `${subject} was at ${say(gone)}, is at ${say(after)}.`);
    const details = own ? { operation: was.name } : {};
    told.set(own ? was.name : found.sentence, { ...found, ...details });
  }
  return [...told.values()];
}

/** Whether an address is among others, or their paths are alike and one of the hosts is not known. */
function reaches(addresses: readonly string[], address: string): boolean {
  if (addresses.includes(address)) return true;
  const pathOf = (each: string): string => each.replace(/ [a-z][a-z\d+.-]*:\/\/[^/]*/i, ' ');
  const isRelative = (each: string): boolean => pathOf(each) === each;
  return addresses.some((each) => (isRelative(each) || isRelative(address)) && pathOf(each) === pathOf(address));
}
