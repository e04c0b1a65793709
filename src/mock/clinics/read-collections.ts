import type { Api } from '../../openapi/api.ts';
import { deriveCollection } from '../../openapi/collections/collection.ts';
import type { Collection } from '../../openapi/collections/model.ts';
import type { Operation } from '../../openapi/operations.ts';
import { parameterNames } from '../../openapi/path-template.ts';
import { nearest } from '../../util/did-you-mean.ts';
import { Problem } from '../../util/errors.ts';
import { fieldsOf, isList, toJsonPath, type Fields } from '../../util/json.ts';
import type { YamlFile } from '../../util/yaml-file.ts';
import { ItemSchemas } from '../collections/item-schemas.ts';
import { itemLimit } from '../state/items.ts';
import type { Item, Parents, Stock } from './clinic.ts';

/** What is wrong at a place of a file. */
interface Wrong {
  what: string;
  /** The keys that lead to it below `collections`. */
  steps: readonly string[];
  /** The JSON path in the items. */
  path?: string | undefined;
  expected: string;
  found: string;
  remedy?: string;
}

const notDerived = 'The document has no such collection.';
const wrongItem = 'The item does not conform to the specification.';

/**
 * The collections of a clinic's file: the path of each, or the id of the operation that lists it, to its items or to
 * `id` and `items`.
 * @param owner the clinic or account, for messages.
 * @param at the keys that lead to the collections in the file.
 * @throws Problem with file and line if the document does not tell how a collection works, or an item is invalid.
 */
export function readCollections(
  given: readonly (readonly [string, unknown])[],
  owner: Readonly<Record<string, string>>,
  yaml: YamlFile,
  api: Api,
  at: readonly string[] = ['collections'],
): Stock[] {
  const stocks = new Map<string, { collection: Collection; schemas: ItemSchemas; items: Map<string, Item> }>();
  for (const [key, value] of given) {
    const fail = ({ what, steps, remedy = remedies.item, ...facts }: Wrong): Problem =>
      new Problem({
        code: 'fixture_invalid',
        what,
        where: yaml.locate([...at, key, ...steps]),
        facts: { ...owner, collection: key, ...facts },
        remedy,
      });
    const { id, items, steps } = readEntry(value, fail);
    const { list, parents } = findList(key, api, fail);
    const known = stocks.get(list.id);
    const derived =
      known && (id === undefined || known.collection.id === id) ? known.collection : deriveCollection(api, list, id);
    if ('expected' in derived || (known && known.collection !== derived)) {
      const reason =
        'expected' in derived
          ? derived
          : { expected: `the id ${known?.collection.id ?? ''}, as above`, found: id ?? '' };
      throw fail({ what: notDerived, steps: [], ...reason, remedy: remedies.collection });
    }
    const stock = known ?? {
      collection: derived,
      schemas: new ItemSchemas(api, derived),
      items: new Map<string, Item>(),
    };
    stocks.set(list.id, stock);
    for (const [index, each] of items.entries()) {
      addItem(stock, each, parents, (wrong) => fail({ ...wrong, steps: [...steps, String(index), ...wrong.steps] }), [
        String(index),
      ]);
    }
  }
  return [...stocks.values()].map(({ collection, items }) => ({ collection, items: [...items.values()] }));
}

const remedies = {
  item: 'Correct the item, or the schema in the specification if the API really has such items.',
  collection: 'Name another path, or give the answers under responses; docs/clinics.md describes both.',
};

type Fail = (wrong: Wrong) => Problem;

function readEntry(value: unknown, fail: Fail): { id: string | undefined; items: unknown[]; steps: string[] } {
  if (isList(value)) return { id: undefined, items: value, steps: [] };
  const { id, items, ...others } = fieldsOf(value) ?? {};
  if (isList(items) && (id === undefined || typeof id === 'string') && Object.keys(others).length === 0) {
    return { id, items, steps: ['items'] };
  }
  const expected = 'a list of items, or an object with `items` and perhaps `id`, the name of a property';
  throw fail({
    what: 'Invalid collection.',
    steps: [],
    expected,
    found: isList(items) ? Object.keys({ id, ...others }).join(', ') : 'another value',
  });
}

/** The operation that lists a collection, and the values of its path's parameters where the key has them. */
function findList(
  key: string,
  { operations, finder }: Api,
  fail: Fail,
): { list: Operation; parents: Parents | undefined } {
  const lists = operations.filter(({ method, issuesTokens }) => method === 'get' && !issuesTokens);
  const named = lists.find(({ path }) => path === key) ?? lists.find(({ id }) => id === key);
  if (named) return { list: named, parents: parameterNames(named.path).length > 0 ? undefined : [] };
  const found = key.startsWith('/') ? finder.find('GET', key) : undefined;
  if (found?.kind === 'operation' && !key.includes('{')) {
    const { operation, parameters } = found;
    return { list: operation, parents: parameterNames(operation.path).map((name) => parameters[name] ?? '') };
  }
  const known = lists.filter(({ path }) => !path.endsWith('}')).map(({ path }) => path);
  const meant = nearest(key, [...known, ...lists.map(({ id }) => id)]);
  throw fail({
    what: notDerived,
    steps: [],
    expected: 'the path of a collection that GET lists, or the id of that operation',
    found: key,
    remedy: meant === undefined ? remedies.collection : `Did you mean ${meant}?`,
  });
}

function addItem(
  { collection, schemas, items }: { collection: Collection; schemas: ItemSchemas; items: Map<string, Item> },
  given: unknown,
  listed: Parents | undefined,
  fail: Fail,
  at: readonly string[],
): void {
  const fields = fieldsOf(given);
  const refuse = (path: readonly string[], expected: string, found: string, remedy?: string): Problem =>
    fail({
      what: wrongItem,
      steps: path,
      path: toJsonPath([...at, ...path]),
      expected,
      found,
      ...(remedy === undefined ? {} : { remedy }),
    });
  if (!fields) throw refuse([], 'an object', JSON.stringify(given));
  const { parents, value } = placed(collection, schemas, fields, listed, refuse);
  const [wrong] = schemas.wrongIn(value);
  if (wrong) {
    const path = `${toJsonPath(at)}${wrong.path.slice(1)}`;
    throw fail({ what: wrongItem, steps: wrong.steps, path, expected: wrong.expected, found: wrong.found });
  }
  const { id } = collection;
  const own = id === undefined ? items.size : value[id];
  if (typeof own !== 'string' && typeof own !== 'number') {
    throw refuse([id ?? ''], 'an id, a text or a number', JSON.stringify(own) ?? 'nothing');
  }
  const key = JSON.stringify([...parents, String(own)]);
  if (items.has(key)) throw refuse([id ?? ''], 'an id that no other item has', JSON.stringify(own));
  if (items.size >= itemLimit) throw refuse([], `at most ${itemLimit} items`, 'more');
  items.set(key, { parents, value });
}

/** An item with the values of the path's parameters: those under which it is listed, or those of its properties. */
function placed(
  { parents, path }: Collection,
  schemas: ItemSchemas,
  fields: Fields,
  listed: Parents | undefined,
  refuse: (path: readonly string[], expected: string, found: string, remedy?: string) => Problem,
): Item {
  if (listed) {
    const own = parents.flatMap(({ property }, index) =>
      property === undefined ? [] : [[property, schemas.typed(property, listed[index] ?? '')] as const],
    );
    const wrong = own.find(([name, value]) => fields[name] !== undefined && fields[name] !== value);
    if (wrong) throw refuse([wrong[0]], `${wrong[1]}, under which it is listed`, JSON.stringify(fields[wrong[0]]));
    return { parents: listed, value: { ...fields, ...Object.fromEntries(own) } };
  }
  const values = parents.map(({ parameter, property }) => {
    const value = property === undefined ? undefined : fields[property];
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    const remedy = `Put it under the path with the value of {${parameter}} in it, instead of ${path}.`;
    throw refuse(property === undefined ? [] : [property], `a property for {${parameter}}`, 'nothing', remedy);
  });
  return { parents: values, value: fields };
}
