import type { Collection, CollectionOperation } from '../../openapi/collections/model.ts';
import type { Fields } from '../../util/json.ts';
import type { Clinic, Item, Parents, Stock } from '../clinics/clinic.ts';
import type { Memory } from './memory.ts';

/** An item, and its number among all that were ever in the collection. */
interface Held extends Item {
  number: number;
}

/** Items that a collection holds at most. */
export const itemLimit = 10_000;
/** Characters of JSON that its items have at most, all together. */
const mostCharacters = 50_000_000;

/** The items of a collection in one sandbox, in the order in which they were added. */
export class Items {
  readonly collection: Collection;
  readonly #held = new Map<string, Held>();
  readonly #memory: Memory;
  #added = 0;
  #characters = 0;
  /** The id of the item that was added last, and the highest number that was one. */
  lastId: unknown;
  highestId = 0;

  constructor({ collection, items }: Stock, memory: Memory) {
    this.#memory = memory;
    this.collection = collection;
    for (const { parents, value } of items) this.put(parents, value);
  }

  find(parents: Parents, id: string): Held | undefined {
    return this.#held.get(keyOf(parents, id));
  }

  within(parents: Parents): Held[] {
    if (parents.length === 0) return [...this.#held.values()];
    const wanted = keyOf(parents);
    return [...this.#held.values()].filter((each) => keyOf(each.parents) === wanted);
  }

  /** Adds an item, or replaces that of its id. False where there are too many, or they are too large. */
  put(parents: Parents, value: Fields): boolean {
    const { id } = this.collection;
    const own = id === undefined ? undefined : value[id];
    const isNamed = typeof own === 'string' || typeof own === 'number';
    const key = isNamed ? keyOf(parents, String(own)) : `${this.#added}`;
    const before = this.#held.get(key);
    const characters = this.#characters + sizeOf(value) - (before ? sizeOf(before.value) : 0);
    const isTooMany = characters > mostCharacters || (!before && this.#held.size >= itemLimit);
    if (isTooMany || !this.#memory.offer(characters - this.#characters)) return false;
    this.#characters = characters;
    this.#held.set(key, { parents, value, number: before?.number ?? (this.#added += 1) });
    if (!before) this.lastId = own;
    if (typeof own === 'number') this.highestId = Math.max(this.highestId, own);
    return true;
  }

  remove(parents: Parents, id: string): void {
    const key = keyOf(parents, id);
    const held = this.#held.get(key);
    if (!held) return;
    this.#held.delete(key);
    this.#characters -= sizeOf(held.value);
    this.#memory.take(-sizeOf(held.value));
  }

  /** Gives back the memory of all items. */
  end(): void {
    this.#memory.take(-this.#characters);
  }
}

function keyOf(parents: Parents, ...id: string[]): string {
  return JSON.stringify([...parents, ...id]);
}

function sizeOf(value: Fields): number {
  return JSON.stringify(value).length;
}

/** An operation of a collection, and its items. */
export interface Stocked {
  does: CollectionOperation;
  items: Items;
  /** All collections of the clinic. */
  all: readonly Items[];
}

/** The items of all collections of a sandbox's clinics: those of the files, until they are changed. */
export class Collections {
  readonly #stocks: ReadonlyMap<string, readonly Stock[]>;
  readonly #items = new Map<string, readonly Items[]>();
  readonly #memory: Memory;

  constructor(clinics: readonly Clinic[], memory: Memory) {
    this.#memory = memory;
    this.#stocks = new Map(clinics.flatMap(({ id, collections }) => (collections ? [[id, collections]] : [])));
  }

  get none(): boolean {
    return this.#stocks.size === 0;
  }

  /** The operation among those of the clinic's collections; undefined where it is of none. */
  find(clinic: string, operationId: string): Stocked | undefined {
    const all = this.#of(clinic);
    for (const items of all) {
      const does = items.collection.operations.find(({ operation }) => operation.id === operationId);
      if (does) return { does, items, all };
    }
    return undefined;
  }

  /** Replaces the items of some collections of a clinic. */
  replace(clinic: string, stocks: readonly Stock[]): void {
    const isReplaced = ({ collection: { path } }: Items): boolean =>
      stocks.some(({ collection }) => collection.path === path);
    const others = this.#of(clinic).filter((items) => !isReplaced(items));
    for (const items of this.#of(clinic)) if (isReplaced(items)) items.end();
    this.#items.set(clinic, [...others, ...stocks.map((stock) => new Items(stock, this.#memory))]);
  }

  #of(clinic: string): readonly Items[] {
    const known = this.#items.get(clinic);
    const stocks = this.#stocks.get(clinic);
    if (known || !stocks) return known ?? [];
    const all = stocks.map((stock) => new Items(stock, this.#memory));
    this.#items.set(clinic, all);
    return all;
  }
}
