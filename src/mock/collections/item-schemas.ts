import type { Api } from '../../openapi/api.ts';
import type { Collection, CollectionOperation, View } from '../../openapi/collections/model.ts';
import { partsBelow } from '../../openapi/look-up.ts';
import { SchemaReader, type Conjunction } from '../../openapi/schema.ts';
import type { Violation } from '../../openapi/schema-checker.ts';
import { TextValues } from '../../openapi/values/text-values.ts';
import { Values } from '../../openapi/values/values.ts';
import { fieldsOf, isFields, toJsonPath, valueAt, type Fields } from '../../util/json.ts';
import { findMediaType, isJson } from '../../util/media-type.ts';
import type { Random } from '../../util/random.ts';

/** What a value that is made up may depend on. */
export interface Source {
  random: Random;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** How the items of a collection look in requests and answers, by the schemas of the document. */
export class ItemSchemas {
  readonly #api: Api;
  readonly #collection: Collection;
  readonly #reader: SchemaReader;
  readonly #texts: TextValues;
  readonly #values: Values;
  /** Those of the answers whose schemas of an item differ from that of all of it. */
  readonly #others: readonly View[];
  /** The properties that any of the answers describes. */
  readonly #described: ReadonlySet<string>;

  constructor(api: Api, collection: Collection) {
    this.#api = api;
    this.#collection = collection;
    this.#reader = new SchemaReader(api.document);
    this.#texts = new TextValues(this.#reader);
    this.#values = new Values(api.document, api.schemas);
    const views = collection.operations.flatMap(({ view, made }) => [view ?? [], made ?? []].flat());
    this.#others = views.filter(({ item }) => !this.#texts.isSame(item, collection.item));
    this.#described = new Set(views.flatMap(({ item }) => [...this.#texts.names(item)]));
  }

  /** An item as an answer shows it: without secrets, and without what only other answers have. */
  show({ item }: View, value: Fields): Fields {
    const own = this.#texts.names(item);
    const shown = Object.entries(value).filter(
      ([name]) => this.#texts.allows(item, name) && (own.has(name) || !this.#described.has(name)),
    );
    return fieldsOf(this.#values.fitting(item, Object.fromEntries(shown), 'answer')) ?? {};
  }

  /** What is wrong with an item as it is, by the schema that describes most of it, and as other answers show it. */
  wrongIn(value: Fields): Violation[] {
    const whole = this.#check(this.#collection.item, value);
    if (whole.length > 0) return whole;
    return this.#others.flatMap((view) => this.#check(view.item, this.show(view, value)));
  }

  /** The properties of an item that a request gives; those that only the service sets are left out. */
  given({ operation, view }: CollectionOperation, body: unknown, contentType: string | undefined): Fields {
    const content = partsBelow(this.#api.document, [...operation.steps, 'requestBody', 'content']);
    const type = contentType === undefined ? undefined : findMediaType(content.keys(), contentType);
    const media = content.get(type ?? '') ?? [...content.values()][0];
    const schema = media && valueAt(media.fields, ['schema']) !== undefined ? [[...media.steps, 'schema']] : [];
    const sent = structuredClone(body);
    // The fields of a form are texts, which this turns into what they stand for.
    if (schema[0] && contentType !== undefined && !isJson(contentType)) {
      this.#api.schemas.checkRequest(schema[0], sent, true);
    }
    const { id } = this.#collection;
    let own = this.#values.fitting(schema, sent, 'request');
    let described: Conjunction = schema;
    for (const step of view?.place ?? []) {
      const names = this.#texts.names(described);
      if (!names.has(step) || (id !== undefined && names.has(id) && step !== id)) break;
      own = fieldsOf(own)?.[step];
      described = this.#texts.property(described, step);
    }
    return fieldsOf(this.#values.fitting(this.#collection.item, own, 'request')) ?? {};
  }

  /** The properties of an item that only the service sets. */
  unwritable(item: Fields): Fields {
    const writable = fieldsOf(this.#values.fitting(this.#collection.item, item, 'request')) ?? {};
    return Object.fromEntries(Object.entries(item).filter(([name]) => !Object.hasOwn(writable, name)));
  }

  /** The properties of an item that a new one has unless the request says otherwise. */
  defaults(): Fields {
    const { item } = this.#collection;
    const found = [...this.#texts.names(item)].map((name) => [name, this.#keyword(name, 'default')] as const);
    return Object.fromEntries(found.filter(([, value]) => value !== undefined));
  }

  /** A property that a change asks to remove: null, where there must be one and that may be null. */
  removed(name: string): null | undefined {
    const { item } = this.#collection;
    const canBeNull = this.#texts.types(this.#texts.property(item, name)).has('null');
    return canBeNull && this.#texts.requires(item, name) ? null : undefined;
  }

  /** The properties that say when an item was changed last, with the present time. */
  changeTimes({ now }: Source): Fields {
    const names = [...this.#texts.names(this.#collection.item)].filter(
      (name) => /updat|modif|chang/i.test(name) && this.#keyword(name, 'readOnly') === true && this.#isTime(name),
    );
    return Object.fromEntries(names.map((name) => [name, new Date(now()).toISOString()]));
  }

  /**
   * A valid item with as much of the given one as the schemas allow; undefined where none is found.
   * @param before the values to prefer for what is missing or wrong.
   */
  complete(given: Fields, before: Fields, source: Source): Fields | undefined {
    let item: Fields | undefined = given;
    for (let round = 0; round < 3; round += 1) {
      item = item && this.mend(this.#collection.item, item, before, source);
      for (const view of this.#others) {
        const shown = item && this.show(view, item);
        const mended = shown && this.mend(view.item, shown, before, source);
        if (!item || !shown || !mended) return undefined;
        const kept = Object.entries(item).filter(([name]) => !Object.hasOwn(shown, name));
        item = { ...Object.fromEntries(kept), ...mended };
      }
      if (item && this.wrongIn(item).length === 0) return item;
    }
    return undefined;
  }

  /** The same for an object of other schemas. */
  mend(schema: Conjunction, given: Fields, before: Fields, source: Source): Fields | undefined {
    let current = given;
    const tried = new Map<string, number>();
    let made: Fields | undefined;
    for (let round = 0; round < 12; round += 1) {
      const wrong = this.#check(schema, current);
      if (wrong.length === 0) return current;
      made ??= fieldsOf(this.#values.validByAll(schema, 'answer', 1, source.random)[0]) ?? {};
      const next = { ...current };
      const known: string[] = [...Object.keys(before), ...Object.keys(made)];
      const names = wrong.map(({ steps, path }) => steps[0] ?? known.find((each) => toJsonPath([each]) === path));
      for (const name of new Set(names)) {
        if (name === undefined) {
          Object.assign(next, { ...made, ...next });
          continue;
        }
        const choices = this.#choices(
          name,
          valueAt(current, [name]),
          valueAt(before, [name]),
          valueAt(made, [name]),
          source,
        );
        const choice = choices[tried.get(name) ?? 0];
        tried.set(name, (tried.get(name) ?? 0) + 1);
        if (choice === undefined) delete next[name];
        else next[name] = choice;
      }
      current = next;
    }
    return undefined;
  }

  /** What may stand for a property, the likeliest first. */
  #choices(name: string, current: unknown, before: unknown, made: unknown, { now }: Source): unknown[] {
    const time = this.#isTime(name) ? new Date(now()).toISOString() : undefined;
    const mixed = isFields(current) && isFields(made) ? { ...made, ...current } : undefined;
    const choices = [before, this.#keyword(name, 'default'), time, mixed, made];
    return choices.filter((choice) => choice !== undefined);
  }

  /** An id that no item has; undefined where none is found. */
  newId(isFree: (id: string | number) => boolean, last: unknown, highest: number, source: Source): unknown {
    const { id, item } = this.#collection;
    if (id === undefined) return undefined;
    const schema = this.#texts.property(item, id);
    const types = this.#texts.types(schema);
    if (!types.has('string') && (types.has('integer') || types.has('number'))) {
      const least = this.#texts.bound(schema, 'minimum') ?? 1;
      return Math.max(highest + 1, least);
    }
    const [, stem = '', digits = ''] = (typeof last === 'string' && /^(.*?)(\d{1,15})$/s.exec(last)) || [];
    const isUuid = this.#keyword(id, 'format') === 'uuid';
    const next = isUuid || digits === '' ? [] : stepsFrom(stem, digits);
    const candidates = [...next, newUuid(source.random)];
    const fits = (value: unknown): value is string =>
      typeof value === 'string' && value !== '' && isFree(value) && this.#check(schema, value).length === 0;
    return (
      candidates.find(fits) ?? this.#values.validByAll(schema, 'answer', 50, source.random).find((each) => fits(each))
    );
  }

  /** The value of a text in a path, in the type of a property. */
  typed(name: string, text: string): string | number {
    const types = this.#texts.types(this.#texts.property(this.#collection.item, name));
    return !types.has('string') && (types.has('integer') || types.has('number')) ? Number(text) : text;
  }

  #isTime(name: string): boolean {
    return this.#keyword(name, 'format') === 'date-time';
  }

  #keyword(name: string, keyword: string): unknown {
    return this.#texts.keyword(this.#texts.property(this.#collection.item, name), keyword);
  }

  #check(schema: Conjunction, value: unknown): Violation[] {
    return schema.flatMap((each) => this.#api.schemas.check(this.#reader.at(each), value, 'answer'));
  }
}

/** The ids that follow one in a row: `P3` and so on for `P2`. */
function stepsFrom(stem: string, digits: string): string[] {
  return Array.from(
    { length: 100 },
    (_, index) => stem + String(Number(digits) + index + 1).padStart(digits.length, '0'),
  );
}

/** A random UUID (RFC 9562, version 4). */
function newUuid(random: Random): string {
  const draw = (pattern: string): string => pattern.replaceAll('x', () => Math.floor(random() * 16).toString(16));
  return `${draw('xxxxxxxx-xxxx-4xxx')}-${'89ab'[Math.floor(random() * 4)]}${draw('xxx-xxxxxxxxxxxx')}`;
}
