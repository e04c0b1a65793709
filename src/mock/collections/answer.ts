import { comparable, isPatchList } from '../../openapi/collections/collection.ts';
import type { Collection, CollectionOperation } from '../../openapi/collections/model.ts';
import type { Operation } from '../../openapi/operations.ts';
import { parameterNames } from '../../openapi/path-template.ts';
import { fieldsOf, isFields, isList, type Fields } from '../../util/json.ts';
import { keyNames } from '../auth/admit.ts';
import type { Given } from '../clinics/cases.ts';
import type { Clinic, Parents } from '../clinics/clinic.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { MockRequest, Route } from '../http/request.ts';
import type { RequestViolation } from '../prism/request-violation.ts';
import { itemLimit, type Items, type Stocked } from '../state/items.ts';
import type { ItemChange, Outcome } from '../state/change.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { envelopeOf, linkHeader, pageOf, setAt } from './page.ts';
import { ItemSchemas, type Source } from './item-schemas.ts';

/** A request to a collection. */
interface Call {
  sandbox: Sandbox;
  request: Pick<MockRequest, 'path' | 'query' | 'headers'>;
  stocked: Stocked;
  schemas: ItemSchemas;
  source: Source;
  parents: Parents;
  /** The last parameter of the path. */
  id: string;
  body: unknown;
}

const schemasOf = new WeakMap<Collection, ItemSchemas>();

/** What the items of a clinic's collection answer, and how a request changes them. */
export async function answerFromCollection(
  sandbox: Sandbox,
  { operation, parameters }: Route,
  clinic: Clinic,
  stocked: Stocked,
  request: Pick<MockRequest, 'path' | 'query' | 'headers' | 'changeItems'>,
  { body }: Given,
  found: RequestViolation[],
): Promise<Reply> {
  const { does } = stocked;
  const { path, headers, changeItems } = request;
  const isChange = changeItems && does.role !== 'list' && does.role !== 'read';
  const contentType = headers['content-type'];
  const outcome = isChange
    ? await changeItems({
        kind: 'items',
        operation: operation.id,
        clinic: clinic.id,
        parameters,
        path,
        contentType,
        body,
      })
    : outcomeOf(sandbox, stocked, { parameters, request, body });
  return reply(sandbox, does, clinic, outcome, headers.accept, found);
}

/** Carries out a change of a replica. */
export function changeItems(
  sandbox: Sandbox,
  { clinic, operation, parameters, path, contentType, body }: ItemChange,
): Outcome {
  const stocked = sandbox.collections.find(clinic, operation);
  if (!stocked) return { status: 404, reason: 'There is no such collection any more.' };
  const headers = contentType === undefined ? {} : { 'content-type': contentType };
  return outcomeOf(sandbox, stocked, { parameters, request: { path, query: new URLSearchParams(), headers }, body });
}

/** Without a wait inside, so that no other request comes between. */
function outcomeOf(
  sandbox: Sandbox,
  stocked: Stocked,
  { parameters, request, body }: Pick<Call, 'request' | 'body'> & Pick<Route, 'parameters'>,
): Outcome {
  const { items, does } = stocked;
  const schemas = schemasOf.get(items.collection) ?? new ItemSchemas(sandbox.api, items.collection);
  schemasOf.set(items.collection, schemas);
  const isRead = does.role === 'list' || does.role === 'read';
  const call: Call = {
    sandbox,
    request,
    stocked,
    schemas,
    source: { random: isRead ? sandbox.chance : sandbox.random, now: () => sandbox.clock.now() },
    parents: parentsIn(items.collection, does.operation, parameters),
    id: parameters[parameterNames(does.operation.path).at(-1) ?? ''] ?? '',
    body,
  };
  return orphan(call) ?? outcomes[does.role](call);
}

/** The values of the collection's own parameters, which another path may call by other names. */
function parentsIn(
  { parents }: Collection,
  { path }: Operation,
  parameters: Readonly<Record<string, string>>,
): Parents {
  const names = parameterNames(path);
  return parents.map((_, index) => parameters[names[index] ?? ''] ?? '');
}

async function reply(
  { answers }: Sandbox,
  { operation }: CollectionOperation,
  clinic: Clinic,
  { status, body, headers = {}, reason }: Outcome,
  accept: string | undefined,
  found: RequestViolation[],
): Promise<Reply> {
  if (reason !== undefined) {
    const documented = status < 500 ? await answers.documented(operation, status) : undefined;
    return documented ?? jsonReply(status, { message: reason });
  }
  const isDocumented = operation.statuses.some((each) => each === String(status) || /^(2xx|default)$/i.test(each));
  const own = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  if (!isDocumented || (status === 204 && !operation.statuses.includes('204'))) {
    return { status, headers: Object.fromEntries(own), body: undefined };
  }
  const responses = new Map(clinic.responses);
  if (body !== undefined) responses.set(operation.id, body);
  const made = { ...clinic, responses, status };
  const answer = await answers.usual(operation, made, accept, found);
  if (Object.keys(headers).length === 0) return answer;
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const others = Object.entries(answer.headers).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...answer, headers: Object.fromEntries([...others, ...own]) };
}

const outcomes: Readonly<Record<CollectionOperation['role'], (call: Call) => Outcome>> = {
  list,
  create,
  read: (call) => {
    const item = call.stocked.items.find(call.parents, call.id);
    return item ? success(call, item.value) : unknown(call);
  },
  replace,
  update,
  remove: (call) => {
    const { items } = call.stocked;
    const item = items.find(call.parents, call.id);
    if (!item) return unknown(call);
    items.remove(call.parents, call.id);
    return success(call, item.value);
  },
};

function unknown({ id, sandbox, stocked }: Call): Outcome {
  return { status: 404, reason: `There is no ${sandbox.keys.secrets.redact(id)} in ${stocked.items.collection.path}.` };
}

/** The answer where the item is missing that the collection belongs to, as far as that is in a collection as well. */
function orphan({ sandbox, stocked: { items, all }, parents }: Call): Outcome | undefined {
  const path = comparable(items.collection.path);
  const above = all.find(
    ({ collection }) => `${comparable(collection.path)}/{}` === path.slice(0, path.lastIndexOf('/')),
  );
  const id = parents[above?.collection.parents.length ?? 0];
  if (!above || id === undefined || above.find(parents.slice(0, above.collection.parents.length), id)) return undefined;
  return { status: 404, reason: `There is no ${sandbox.keys.secrets.redact(id)} in ${above.collection.path}.` };
}

function withoutSlash(path: string): string {
  return path.replace(/\/$/, '');
}

function list(call: Call): Outcome {
  const { sandbox, request, stocked, schemas, parents, source } = call;
  const { items, does } = stocked;
  const { collection } = items;
  const page = pageOf(collection, items.within(parents), request.query);
  if (!page) return { status: 400, reason: 'The cursor of the query leads to no item.' };
  const { view } = does;
  const shown = page.items.map(({ value }) => (view ? schemas.show(view, value) : value));
  const allowed = new Set(does.operation.parameters.flatMap((each) => (each.in === 'query' ? [each.name] : [])));
  for (const name of keyNames(does.operation, 'query')) allowed.delete(name);
  const urlOf = ({ parameter, value }: { parameter: string; value: string | number }): string => {
    const query = new URLSearchParams([...request.query].filter(([name]) => allowed.has(name)));
    query.set(parameter, String(value));
    return `${sandbox.url}${request.path}?${query.toString()}`;
  };
  const headers: Outcome['headers'] = does.headers.has('link') ? { Link: linkHeader(page, urlOf) } : {};
  for (const name of does.headers) if (/^(x-)?total(-count)?$/.test(name)) headers[name] = String(page.total);
  const envelope = envelopeOf(collection, does, page, shown, urlOf);
  const body = isFields(envelope) && view ? schemas.mend(view.body, envelope, {}, source) : envelope;
  return { status: does.status, body: body ?? envelope, headers };
}

function create(call: Call): Outcome {
  const { stocked, schemas, parents, source, body, request, sandbox } = call;
  const { items, does } = stocked;
  // Several items at once: the document's answer.
  if (isList(body)) return { status: does.status };
  const { id } = items.collection;
  const given = schemas.given(does, body, request.headers['content-type']);
  const isFree = (each: unknown): boolean => !items.find(parents, String(each));
  const own = id === undefined ? undefined : given[id];
  const isOwn = typeof own === 'string' || typeof own === 'number';
  if (isOwn && !isFree(own))
    return { status: 409, reason: `There is such an item already in ${items.collection.path}.` };
  const made = isOwn ? own : schemas.newId(isFree, items.lastId, items.highestId, source);
  if (id !== undefined && made === undefined) return full(items);
  const named: Fields = id === undefined ? {} : { [id]: made };
  const stored = store(call, { ...named, ...schemas.defaults(), ...given, ...ofParents(call), ...named }, named);
  if ('status' in stored) return stored;
  const { item } = stored;
  const path = items.collection.operations.find(({ role }) => role !== 'list' && role !== 'create')?.operation.path;
  const isTold = path !== undefined && id !== undefined && (does.status === 201 || does.headers.has('location'));
  const end = path?.endsWith('/') ? '/' : '';
  const url = `${sandbox.url}${withoutSlash(request.path)}/${encodeURIComponent(String(made))}${end}`;
  return { ...success(call, item), headers: isTold ? { Location: url } : {} };
}

function replace(call: Call): Outcome {
  const { sandbox, stocked, schemas, parents, id, body, source, request } = call;
  const { items, does } = stocked;
  const before = items.find(parents, id)?.value;
  const makes = does.operation.statuses.includes('201');
  if (!before && !makes) return unknown(call);
  const given = schemas.given(does, body, request.headers['content-type']);
  const name = items.collection.id ?? '';
  const named = { [name]: before?.[name] ?? schemas.typed(name, id) };
  const kept = before ? schemas.unwritable(before) : schemas.defaults();
  const times = before ? schemas.changeTimes(source) : {};
  const stored = store(call, { ...kept, ...given, ...ofParents(call), ...times, ...named }, { ...before, ...named });
  if ('status' in stored) return stored;
  if (before) return success(call, stored.item);
  const made = success(call, stored.item, { status: 201, view: does.made });
  return { ...made, headers: { Location: sandbox.url + request.path } };
}

function update(call: Call): Outcome {
  const { stocked, schemas, parents, id, body, source, request } = call;
  const { items, does } = stocked;
  const type = request.headers['content-type'];
  if (type !== undefined && isPatchList(type)) {
    return { status: 415, reason: 'Items of a collection are changed by a merge patch (RFC 7396) only.' };
  }
  const before = items.find(parents, id)?.value;
  if (!before) return unknown(call);
  const given = schemas.given(does, body, type);
  const name = items.collection.id ?? '';
  const merged = fieldsOf(merge(before, given)) ?? {};
  for (const [each, value] of Object.entries(given)) {
    if (value === null && schemas.removed(each) === null) merged[each] = null;
  }
  const stored = store(
    call,
    { ...merged, ...ofParents(call), ...schemas.changeTimes(source), [name]: before[name] },
    before,
  );
  return 'status' in stored ? stored : success(call, stored.item);
}

/** A JSON merge patch (RFC 7396). */
function merge(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const merged = new Map(Object.entries(isFields(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, merge(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

/** Puts a valid item with these properties into the collection. @param before what to prefer for what is not valid. */
function store(
  { stocked: { items }, schemas, parents, source }: Call,
  wanted: Fields,
  before: Fields,
): { item: Fields } | Outcome {
  const item = schemas.complete(wanted, before, source);
  const { id } = items.collection;
  if (!item || (id !== undefined && item[id] !== wanted[id])) {
    return {
      status: 501,
      reason: 'The mock finds no valid item for this request; give the operation an answer of its own.',
    };
  }
  return items.put(parents, item) ? { item } : full(items);
}

function full({ collection }: Items): Outcome {
  return { status: 507, reason: `${collection.path} is full: it holds ${itemLimit} items, and 50 MB, at most.` };
}

/** The properties that have the value of a parameter of the path. */
function ofParents({ stocked: { items }, schemas, parents }: Call): Fields {
  const known = items.collection.parents.flatMap(({ property }, index) =>
    property === undefined ? [] : [[property, schemas.typed(property, parents[index] ?? '')] as const],
  );
  return Object.fromEntries(known);
}

function success(
  { stocked: { does }, schemas, source }: Call,
  item: Fields,
  { status, view }: Pick<CollectionOperation, 'status' | 'view'> = does,
): Outcome {
  if (!view) return { status };
  const shown = schemas.show(view, item);
  if (view.place.length === 0) return { status, body: shown };
  const body: Fields = {};
  setAt(body, view.place, shown);
  return { status, body: schemas.mend(view.body, body, {}, source) ?? body };
}
