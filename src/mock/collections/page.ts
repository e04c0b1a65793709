import type { Collection, CollectionOperation, EnvelopeField } from '../../openapi/collections/model.ts';
import { isFields, isList, type Fields } from '../../util/json.ts';
import type { Item } from '../clinics/clinic.ts';

interface Numbered extends Item {
  number: number;
}

/** A part of a list, and how to ask for its neighbours. */
export interface Page {
  items: Numbered[];
  /** The number of items of all pages. */
  total: number;
  limit: number;
  /** The number of items before the page. */
  offset: number;
  /** The number of the page and of all, as the document counts them. */
  number: number;
  pages: number;
  /** The value of a parameter that leads to a neighbour; undefined where there is none. */
  next: Leading | undefined;
  previous: Leading | undefined;
  first: Leading | undefined;
  last: Leading | undefined;
}

interface Leading {
  parameter: string;
  value: string | number;
}

/** The items that a query asks for; undefined where its cursor leads to none. */
export function pageOf(
  { paging, filters, id }: Collection,
  all: readonly Numbered[],
  query: URLSearchParams,
): Page | undefined {
  const items = filters.reduce<readonly Numbered[]>(
    (left, name) => (query.has(name) ? left.filter(({ value }) => isAmong(value[name], query.getAll(name))) : left),
    all,
  );
  const numberOf = (name: string | undefined): number | undefined => {
    const text = name === undefined ? null : query.get(name);
    return text === null || text === '' || !Number.isFinite(Number(text)) ? undefined : Math.trunc(Number(text));
  };
  const { page, cursor, offset: skip } = paging;
  const total = items.length;
  const limit = Math.max(0, Math.min(numberOf(paging.limit) ?? paging.usual ?? Infinity, paging.most ?? Infinity));
  const asked = numberOf(page?.name);
  const way =
    [cursor?.name, page?.name, skip].find((name) => name !== undefined && query.has(name)) ??
    cursor?.name ??
    page?.name ??
    skip;

  let offset = Math.max(0, numberOf(skip) ?? 0);
  if (page && asked !== undefined && way === page.name)
    offset = limit === Infinity ? 0 : Math.max(0, asked - page.first) * limit;
  if (cursor && way === cursor.name && query.has(cursor.name)) {
    const found = afterCursor(items, query.get(cursor.name) ?? '', cursor.isId ? id : undefined);
    if (found === undefined) return undefined;
    offset = found;
  }
  const shown = items.slice(offset, limit === Infinity ? undefined : offset + limit);
  const size = limit === Infinity || limit === 0 ? Math.max(1, total) : limit;
  const firstPage = page?.first ?? 1;
  const leading = (at: number): Leading | undefined => {
    if (way === undefined) return undefined;
    if (way === skip) return { parameter: way, value: at };
    if (way === page?.name) return { parameter: way, value: Math.floor(at / size) + firstPage };
    const last = items[at - 1];
    // Before the first item there is none that a cursor could name.
    if (!last || !cursor) return undefined;
    const name = cursor.isId && id !== undefined ? last.value[id] : undefined;
    const value = typeof name === 'string' || typeof name === 'number' ? name : last.number;
    return { parameter: way, value: cursor.isNumber || name !== undefined ? value : `c${value}` };
  };
  const hasNext = offset + shown.length < total && shown.length > 0;
  const pages = Math.ceil(total / size);
  const isByCursor = way === cursor?.name;
  return {
    items: shown,
    total,
    limit: size,
    offset,
    number: Math.floor(offset / size) + firstPage,
    pages,
    next: hasNext ? leading(offset + shown.length) : undefined,
    previous: offset > 0 && !isByCursor ? leading(Math.max(0, offset - size)) : undefined,
    first: isByCursor ? undefined : leading(0),
    last: isByCursor ? undefined : leading(Math.max(0, pages - 1) * size),
  };
}

/** Whether a property has one of the values: a list is one of texts, and of a list any. */
function isAmong(value: unknown, texts: readonly string[]): boolean {
  const wanted = new Set([...texts, ...texts.flatMap((text) => text.split(','))]);
  return (isList(value) ? value : [value]).some((each) => wanted.has(String(each)));
}

/** The number of items up to the one that a cursor names. */
function afterCursor(items: readonly Numbered[], cursor: string, id: string | undefined): number | undefined {
  if (cursor === '') return 0;
  const at = id === undefined ? -1 : items.findIndex(({ value }) => String(value[id]) === cursor);
  if (at >= 0) return at + 1;
  const [, number] = /^c?(\d+)$/.exec(cursor) ?? [];
  if (number === undefined || id !== undefined) return undefined;
  // The item itself may be gone since.
  const next = items.findIndex((each) => each.number > Number(number));
  return next < 0 ? items.length : next;
}

/** The body of a list, as far as the page fills it. @param urlOf of the same list with another value of a parameter. */
export function envelopeOf(
  { envelope, paging }: Collection,
  { view }: CollectionOperation,
  page: Page,
  shown: readonly Fields[],
  urlOf: (leading: Leading) => string,
): unknown {
  const place = view?.place ?? [];
  if (place.length === 0) return shown;
  const body: Fields = {};
  setAt(body, place, shown);
  const hasTotal = envelope.some(({ meaning }) => meaning === 'total');
  for (const field of envelope) {
    const value = valueOf(field, page, hasTotal, paging.cursor !== undefined, urlOf);
    if (value !== undefined) setAt(body, field.place, value);
  }
  return body;
}

function valueOf(
  { meaning, type, isUrl, none, place }: EnvelopeField,
  page: Page,
  hasTotal: boolean,
  hasCursor: boolean,
  urlOf: (leading: Leading) => string,
): unknown {
  if (meaning !== 'next' && meaning !== 'previous') {
    const end = page.offset + page.items.length;
    return {
      total: page.total,
      count: hasTotal ? page.items.length : page.total,
      pages: page.pages,
      page: page.number,
      limit: page.limit,
      offset: page.offset,
      more: end < page.total,
      less: page.offset > 0,
      first: page.offset === 0,
      last: end >= page.total,
    }[meaning];
  }
  const leading = page[meaning];
  if (!leading) return none;
  if (type === 'number') return Number(leading.value);
  const isText = hasCursor || /cursor|token|marker|key/i.test(place.at(-1) ?? '');
  return isUrl || !isText ? urlOf(leading) : String(leading.value);
}

/** Sets what stands at a place in an object, which is made where there is nothing. */
export function setAt(body: Fields, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    body[name] = value;
    return;
  }
  const held = body[name];
  const inner: Fields = isFields(held) ? held : {};
  body[name] = inner;
  setAt(inner, rest, value);
}

/** The value of a `Link` header (RFC 8288); undefined where there is no other page. */
export function linkHeader(page: Page, urlOf: (leading: Leading) => string): string | undefined {
  const relations = { first: page.first, prev: page.previous, next: page.next, last: page.last };
  if (!page.next && !page.previous) return undefined;
  const links = Object.entries(relations).flatMap(([name, leading]) =>
    leading ? `<${urlOf(leading)}>; rel="${name}"` : [],
  );
  return links.join(', ');
}
