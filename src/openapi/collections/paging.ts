import type { OpenApiDocument } from '../document.ts';
import { partAt } from '../look-up.ts';
import type { Operation } from '../operations.ts';
import type { Conjunction } from '../schema.ts';
import type { TextValues } from '../values/text-values.ts';
import type { EnvelopeField, Paging } from './model.ts';

const parameterNames = {
  limit:
    /^(limit|pagesize|perpage|size|top|maxresults|maxitems|pagelimit|itemsperpage|resultsperpage|rowsperpage|maxpagesize|pagelength|first|count|take|num)$/,
  offset: /^(offset|skip|start|startindex|startat|pageoffset|from)$/,
  page: /^(page|pagenumber|pageno|pageindex|currentpage|p)$/,
  cursor:
    /^(cursor|after|startingafter|aftercursor|pageafter|pagecursor|pagetoken|nexttoken|nextcursor|nextpagetoken|continuationtoken|continuation|marker|skiptoken|iterator|bookmark|paginationtoken|scrollid)$/,
};

/** Items of a page where the document has pages and says of no size. */
const usualSize = 20;

/** A name without what differs between styles of names: `pagesize` for `page[size]`, `page_size` and `$pageSize`. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z\d]/g, '');
}

export function sameName(one: string, other: string): boolean {
  return plain(one) === plain(other);
}

/** @param own the properties of an item: `size` may be that of a shoe. @returns the other parameters of the query as well. */
export function readPaging(
  document: OpenApiDocument,
  values: TextValues,
  { parameters }: Operation,
  own: ReadonlySet<string>,
): { paging: Paging; others: string[] } {
  const query = parameters.filter((each) => each.in === 'query');
  const schemaOf = (name: string): Conjunction => {
    const part = partAt(document, query.find((each) => each.name === name)?.steps ?? []);
    return part?.fields['schema'] === undefined ? [] : [[...part.steps, 'schema']];
  };
  const isNumber = (name: string): boolean => {
    const types = values.types(schemaOf(name));
    return types.has('integer') || types.has('number');
  };
  const find = (kind: keyof typeof parameterNames, allows: (name: string) => boolean): string | undefined =>
    query.find(
      ({ name }) =>
        parameterNames[kind].test(plain(name)) &&
        allows(name) &&
        (!own.has(name) || /limit|page|cursor|offset|top/i.test(name)),
    )?.name;

  const limit = find('limit', isNumber);
  const offset = find('offset', isNumber);
  const page = find('page', isNumber);
  // A page that is no number is a text that the page before gave.
  const cursor = find('cursor', () => true) ?? (page === undefined ? find('page', () => true) : undefined);
  const size = limit === undefined ? [] : schemaOf(limit);
  const usual = numberOf(values.keyword(size, 'default'));
  const first = page === undefined ? [] : schemaOf(page);
  const base = numberOf(values.keyword(first, 'default')) ?? values.bound(first, 'minimum');
  const hasPages = page !== undefined || cursor !== undefined;
  const paging = {
    limit,
    usual: usual ?? (hasPages ? usualSize : undefined),
    most: values.bound(size, 'maximum'),
    offset,
    page: page === undefined ? undefined : { name: page, first: base === 0 ? 0 : 1 },
    cursor:
      cursor === undefined
        ? undefined
        : { name: cursor, isNumber: !values.types(schemaOf(cursor)).has('string'), isId: /after/i.test(cursor) },
  };
  const used = new Set([limit, offset, page, cursor]);
  return { paging, others: query.flatMap(({ name }) => (used.has(name) ? [] : [name])) };
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** The meaning of properties beside a list, by name, with the types that they need. */
const meanings: readonly [EnvelopeField['meaning'], RegExp, readonly EnvelopeField['type'][]][] = [
  [
    'total',
    /^((total|overall)(count|items|results|elements|records|size|hits|number|entries|rows)?|(result|record|item|filtered|odata)count)$/,
    ['number'],
  ],
  ['count', /^(count|length|numberof(elements|items)|returned|resultsreturned)$/, ['number']],
  ['pages', /^(pages|totalpages|pagecount|pagetotal|lastpage|numberofpages)$/, ['number']],
  ['page', /^(page|pagenumber|pageno|currentpage|pageindex|number)$/, ['number']],
  ['limit', /^(limit|pagesize|perpage|size|pagelimit|itemsperpage|resultsperpage|maxresults|top)$/, ['number']],
  ['offset', /^(offset|skip|start|startindex|startat|from)$/, ['number']],
  ['more', /^(hasmore(items|results)?|hasnext(page)?|more|moreavailable|morepages|(is)?truncated)$/, ['boolean']],
  ['less', /^hasprev(ious)?(page)?$/, ['boolean']],
  ['last', /^(is)?last(page)?$/, ['boolean']],
  ['first', /^(is)?first(page)?$/, ['boolean']],
  [
    'next',
    /^((odata|page)?next(page)?(cursor|token|link|url|uri|offset|marker|key)?|continuationtoken|cursor|endcursor)$/,
    ['string', 'number'],
  ],
  ['previous', /^prev(ious)?(page)?(cursor|token|link|url|uri|offset)?$/, ['string', 'number']],
];

/** The properties beside the list, and in objects beside it: `meta.page.total`, `_links.next.href`. */
export function readEnvelope(values: TextValues, body: Conjunction, list: string | undefined): EnvelopeField[] {
  return list === undefined ? [] : fieldsIn(values, body, [], list);
}

function fieldsIn(values: TextValues, schema: Conjunction, place: string[], list?: string): EnvelopeField[] {
  return [...values.names(schema)].flatMap((name): EnvelopeField[] => {
    const property = values.property(schema, name);
    const at = [...place, name];
    if (values.hasProperties(property)) return place.length < 2 ? fieldsIn(values, property, at) : [];
    if (name === list || property.length === 0) return [];
    const types = values.types(property);
    const isNumber = types.has('integer') || types.has('number');
    const type = types.has('string') ? 'string' : isNumber ? 'number' : types.has('boolean') ? 'boolean' : undefined;
    const told = plain(name === 'href' ? (place.at(-1) ?? '') : name);
    const [meaning] =
      meanings.find(([, names, among]) => names.test(told) && type !== undefined && among.includes(type)) ?? [];
    if (type === undefined || meaning === undefined) return [];
    const format = values.keyword(property, 'format');
    const isUrl = /^(uri|url|uri-reference|iri)$/.test(String(format)) || /href|link|url|uri/i.test(name);
    const none = types.has('null') ? null : !values.requires(schema, name) ? undefined : type === 'number' ? 0 : '';
    return [{ place: at, meaning, type, none, isUrl }];
  });
}
