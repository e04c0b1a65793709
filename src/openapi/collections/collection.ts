import type { Api } from '../api.ts';
import { partsBelow } from '../look-up.ts';
import type { Operation } from '../operations.ts';
import { parameterNames } from '../path-template.ts';
import { documentedStatus, successSchema } from '../responses.ts';
import { SchemaReader, type Conjunction } from '../schema.ts';
import { TextValues } from '../values/text-values.ts';
import { essence } from '../../util/media-type.ts';
import type { Collection, Role, View } from './model.ts';
import { readEnvelope, readPaging, sameName } from './paging.ts';

/** Why operations form no collection. */
export interface NoCollection {
  expected: string;
  found: string;
}

const likelyIds = ['id', 'uuid', 'guid', 'key', 'code', 'name', 'slug'];

/**
 * The collection that an operation lists.
 * @param id the property that names an item, instead of that which the path of an item tells.
 */
export function deriveCollection(api: Api, list: Operation, id?: string): Collection | NoCollection {
  const { document } = api;
  const values = new TextValues(new SchemaReader(document));
  const among = (role: Role): Operation | undefined =>
    api.operations.find((each) => !each.issuesTokens && roleOf(each, list) === role);
  const read = among('read');

  const schema = successSchema(document, list, list.usualStatus);
  const body = schema ? [schema] : [];
  const readSchema = read && successSchema(document, read, read.usualStatus);
  const segment = list.path.split('/').findLast((each) => /^[^{}]+$/.test(each)) ?? '';
  const found = findList(values, body, { segment, read: readSchema ? [readSchema] : [] });
  if (!('item' in found)) return found;
  const listed = { body, ...found };

  const one = read ?? among('replace') ?? among('update') ?? among('remove');
  const parameter = parameterNames(one?.path ?? '').at(-1);
  const names = scalarsIn(values, listed.item);
  const own = id === undefined ? idOf(parameter, names, segment) : names.has(id) ? id : undefined;
  // Items of a list may be shorter than those that are read.
  const ofRead = own === undefined && readSchema ? innerScalars(values, [readSchema]) : new Set<string>();
  const named = own ?? id ?? idOf(parameter, ofRead, segment);
  if (id !== undefined && own === undefined && !ofRead.has(id)) {
    return { expected: `an id among the properties of an item: ${[...names].join(', ')}`, found: id };
  }
  if (named === undefined && parameter !== undefined) {
    const expected = `a property of an item for {${parameter}}, or \`id:\` beside \`items:\` with its name`;
    return { expected, found: `the properties ${[...names].join(', ') || '(none)'}` };
  }

  const update = among('update');
  if (update && update.requestTypes.length > 0 && update.requestTypes.every(isPatchList)) {
    const expected = 'a merge patch (application/json or application/merge-patch+json)';
    return { expected, found: `${update.requestTypes.join(', ')} in ${update.id}` };
  }

  const operations = (['list', 'create', 'read', 'replace', 'update', 'remove'] as const).flatMap((role) => {
    const operation = among(role);
    if (!operation) return [];
    const status = statusOf(operation, role);
    const code = documentedStatus(operation.statuses, status);
    const headers = [...partsBelow(document, [...operation.steps, 'responses', code ?? '', 'headers']).keys()];
    const viewAt = (key: string | undefined): View | undefined => {
      const answer = key === undefined ? undefined : successSchema(document, operation, key);
      return answer && viewOf(values, [answer], named);
    };
    const view = role === 'list' ? listed : viewAt(code);
    const made = role === 'replace' && operation.statuses.includes('201') ? viewAt('201') : undefined;
    return [{ role, operation, status, view, made, headers: new Set(headers.map((name) => name.toLowerCase())) }];
  });
  const item = operations.find(({ role, view }) => role === 'read' && view)?.view?.item ?? listed.item;
  const all = values.names(item);
  const { paging, others } = readPaging(document, values, list, all);
  return {
    path: list.path,
    operations,
    id: named,
    parents: parameterNames(list.path).map((each) => ({
      parameter: each,
      property: [...all].find((name) => name === each) ?? [...all].find((name) => sameName(name, each)),
    })),
    item,
    paging: { ...paging, most: lowest(paging.most, mostListed(values, listed)) },
    envelope: readEnvelope(values, body, listed.place[0]),
    filters: others.filter((name) => all.has(name)),
  };
}

function lowest(...bounds: (number | undefined)[]): number | undefined {
  const known = bounds.filter((bound) => bound !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}

function mostListed(values: TextValues, { body, place }: View): number | undefined {
  const list = place.reduce<Conjunction>((schema, name) => values.property(schema, name), body);
  return values.bound(list, 'maxItems');
}

/** What an operation does with the items that another one lists; undefined where it is at none of their paths. */
function roleOf({ method, path }: Operation, list: Operation): Role | undefined {
  const base = comparable(list.path);
  const own = comparable(path);
  if (own === base) return method === 'get' ? 'list' : method === 'post' ? 'create' : undefined;
  if (own !== `${base}/{}`) return undefined;
  const roles: Partial<Record<string, Role>> = { get: 'read', put: 'replace', patch: 'update', delete: 'remove' };
  return roles[method];
}

/** A path without the names of its parameters, and without a slash at its end. */
export function comparable(path: string): string {
  return path.replaceAll(/\{[^{}]+\}/g, '{}').replace(/\/$/, '');
}

/** Lists that stand beside that of the items. */
const besides = /^_?(links|errors|warnings|messages|included|facets|meta|metadata|fault)$/i;

/** The list of items in a body: the body itself, or its only list of objects. */
function findList(
  values: TextValues,
  body: Conjunction,
  { segment, read }: { segment: string; read: Conjunction },
): Omit<View, 'body'> | NoCollection {
  const lists = listsIn(values, body);
  const [first, second] = lists;
  if (first && !second) return first;
  const ways = [
    lists.filter(({ item }) => read.length > 0 && values.isSame(item, read)),
    lists.filter(({ place }) => place.at(-1) === segment),
    lists.filter(({ place }) => !besides.test(place.at(-1) ?? '')),
  ];
  const meant = ways.find(({ length }) => length === 1)?.[0];
  if (meant) return meant;
  const described = lists.map(({ place }) => place.join('.')).join(', ');
  return {
    expected: 'a list of objects as the answer of GET, or an object with one such list',
    found: first ? `several lists: ${described}` : 'no list of objects',
  };
}

/** The lists of objects that a body is or has: its own, and otherwise those one level down, as in `_embedded.parcels`. */
function listsIn(values: TextValues, body: Conjunction, depth = 0): Omit<View, 'body'>[] {
  const item = kindOf(values, body) === 'list' ? values.item(body) : [];
  if (kindOf(values, item) === 'object') return [{ place: [], item }];
  if (depth > 2 || kindOf(values, body) !== 'object') return [];
  return below(values, body, (inner) => listsIn(values, inner, depth + 1));
}

function kindOf(values: TextValues, schema: Conjunction): 'list' | 'object' | 'other' {
  if (schema.length === 0) return 'other';
  const types = values.types(schema);
  if (values.hasProperties(schema)) return types.has('object') ? 'object' : 'other';
  return types.has('array') && values.item(schema).length > 0 ? 'list' : 'other';
}

/** The item in the body of an answer: the body itself, or what in it is nearest and alone has the id. */
function viewOf(values: TextValues, body: Conjunction, id: string | undefined): View | undefined {
  if (id === undefined) return kindOf(values, body) === 'object' ? { body, place: [], item: body } : undefined;
  const [first, second] = itemsIn(values, body, id);
  return first && !second ? { body, ...first } : undefined;
}

function itemsIn(values: TextValues, body: Conjunction, id: string, depth = 0): Omit<View, 'body'>[] {
  if (scalarsIn(values, body).has(id)) return [{ place: [], item: body }];
  if (depth > 1 || kindOf(values, body) !== 'object') return [];
  return below(values, body, (inner) => itemsIn(values, inner, id, depth + 1));
}

/** What is found in the properties of a body, as far as it is nearest to the body. */
function below(
  values: TextValues,
  body: Conjunction,
  find: (property: Conjunction) => Omit<View, 'body'>[],
): Omit<View, 'body'>[] {
  const found = [...values.names(body)].flatMap((name) =>
    find(values.property(body, name)).map(({ place, item }) => ({ place: [name, ...place], item })),
  );
  const nearest = Math.min(...found.map(({ place }) => place.length));
  return found.filter(({ place }) => place.length === nearest);
}

/** The properties of a body and, where it is an envelope, of what is in it. */
function innerScalars(values: TextValues, body: Conjunction, depth = 0): Set<string> {
  const inner = depth > 1 ? [] : [...values.names(body)];
  const all = inner.flatMap((name) => [...innerScalars(values, values.property(body, name), depth + 1)]);
  return new Set([...scalarsIn(values, body), ...all]);
}

function scalarsIn(values: TextValues, schema: Conjunction): Set<string> {
  const names = [...values.names(schema)];
  return new Set(names.filter((name) => kindOf(values, values.property(schema, name)) === 'other'));
}

/**
 * The property that a path parameter stands for: that of its name, otherwise that of its last words, `id` for `parcelId`, or
 * of more words, `parcelId` for `id` below `/parcels`; otherwise the first that is likely to be an id.
 */
function idOf(parameter: string | undefined, names: ReadonlySet<string>, segment: string): string | undefined {
  const known = [...names];
  const named = (words: string): string | undefined => known.find((name) => wordsOf(name).join(' ') === words);
  const words = wordsOf(parameter ?? '');
  const ends = words.map((_, index) => words.slice(index).join(' '));
  const exact = known.find((name) => name === parameter) ?? known.find((name) => sameName(name, parameter ?? ''));
  const longer = known.find((name) => isOfSegment(wordsOf(name), words, wordsOf(segment).join('')));
  return (
    exact ?? ends.flatMap((each) => named(each) ?? [])[0] ?? longer ?? likelyIds.flatMap((each) => named(each) ?? [])[0]
  );
}

/** Whether words are those of a parameter after the singular of a segment: `company id` for `id` below `/companies`. */
function isOfSegment(words: readonly string[], parameter: readonly string[], segment: string): boolean {
  const singular = words.slice(0, words.length - parameter.length).join('');
  if (parameter.length === 0 || words.slice(-parameter.length).join(' ') !== parameter.join(' ')) return false;
  return singular.length > 2 && segment.startsWith(singular.slice(0, -1));
}

function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** The status of an operation's success; that of a change is by HTTP where the document leaves it open. */
function statusOf({ statuses, usualStatus = '' }: Operation, role: Role): number {
  const successes = statuses.filter((status) => /^2\d\d$/.test(status));
  if (role === 'create' && successes.includes('201')) return 201;
  if (role === 'remove' && successes.includes('204')) return 204;
  // Of `PUT`, 201 is for an item that is new.
  const other = successes.find((status) => status !== '201');
  if (role === 'replace' && usualStatus === '201' && other !== undefined) return Number(other);
  if (/^2\d\d$/.test(usualStatus)) return Number(usualStatus);
  return role === 'create' ? 201 : role === 'remove' ? 204 : 200;
}

/** Whether a media type is a list of changes (RFC 6902) instead of an object that is merged (RFC 7396). */
export function isPatchList(type: string): boolean {
  return essence(type) === 'application/json-patch+json';
}
