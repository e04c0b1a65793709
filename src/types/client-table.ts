import type { Api } from '../openapi/api.ts';
import type { OpenApiDocument } from '../openapi/document.ts';
import { partAt } from '../openapi/look-up.ts';
import { addressOf, readServers, type Operation } from '../openapi/operations.ts';
import { styleOf } from '../openapi/parameters.ts';
import { successTypes } from '../openapi/responses.ts';
import { typesOf } from '../openapi/schema.ts';
import { oauthFlows, tokenScopes, type Requirement } from '../openapi/security.ts';
import { entriesOf, fieldsOf, type Fields } from '../util/json.ts';
import { isJson } from '../util/media-type.ts';

/** What a client of an API must know of it. */
export interface ClientTable {
  servers: string[];
  scopes: string[];
  tokenUrl: string | undefined;
  /** Security scheme to how it is presented. */
  schemes: Record<string, string>;
  /** Whether an operation has a parameter or a body. */
  takesInput: boolean;
  calls: Call[];
}

interface Call {
  name: string;
  /** What it does, for people, with `@deprecated` if it is. */
  comment: string[];
  row: Row;
}

interface Row {
  method: string;
  path: string;
  server?: string | undefined;
  scopes: string[] | null;
  security?: string[][];
  type?: string;
  accept?: string;
  styles?: Record<string, Record<string, string>>;
  fields?: Record<string, string>;
  answers: Record<string, string[]>;
  refusals?: string[];
}

/** The table of a client: all operations but the one that issues tokens. */
export function clientTable({ document, operations }: Pick<Api, 'document' | 'operations'>): ClientTable {
  const callable = operations.filter(({ issuesTokens }) => !issuesTokens);
  const requirements = callable.flatMap(({ security }) => security.alternatives.flat());
  const schemes = Object.fromEntries(
    requirements.flatMap((requirement) => {
      const kind = presentation(requirement);
      return kind === undefined ? [] : [[requirement.scheme, kind]];
    }),
  );
  const tokenUrl = tokenUrlOf(document);
  const tokensAlone = tokenUrl === undefined && callable.every(takesTokensAlone);
  const scopes = callable.flatMap(({ security }) => tokenScopes(security) ?? []);
  return {
    servers: readServers(document.servers).map(addressOf),
    scopes: [...new Set(scopes)],
    tokenUrl,
    schemes,
    takesInput: callable.some(
      ({ path, parameters, requestTypes }) => path.includes('{') || parameters.length + requestTypes.length > 0,
    ),
    calls: named(callable).map(([name, operation]) => {
      const fields = fieldsAt(document, operation.steps);
      const summary = operation.summary?.replaceAll('*/', '*').split('\n') ?? [];
      const deprecated = fields['deprecated'] === true ? ['@deprecated'] : [];
      return { name, comment: [...summary, ...deprecated], row: rowOf(document, operation, fields, tokensAlone) };
    }),
  };
}

function rowOf(document: OpenApiDocument, operation: Operation, fields: Fields, tokensAlone: boolean): Row {
  const { method, path, statuses, requestTypes } = operation;
  const type = [isJson, isForm, isMultipart, () => true].flatMap((wanted) => requestTypes.find(wanted) ?? [])[0];
  const encoded = type === undefined || isJson(type) ? {} : fieldStyles(document, operation, type);
  const styles = stylesOf(document, operation);
  const successes = statuses.filter((status) => /^2\d\d$/.test(status));
  const accept = acceptedTypes(document, operation);
  const server = serverOf(document, operation, fields);
  const refusals = statuses.filter((status) => /^4(\d\d|XX)$/i.test(status) && !handled.has(status));
  if (statuses.includes('default') && statuses.length > 1) refusals.push('default');
  return {
    method: method.toUpperCase(),
    path,
    ...(server === undefined ? {} : { server }),
    ...securityOf(operation, tokensAlone),
    ...(type === undefined ? {} : { type }),
    ...(accept === undefined ? {} : { accept }),
    ...(Object.keys(styles).length > 0 ? { styles } : {}),
    ...(Object.keys(encoded).length > 0 ? { fields: encoded } : {}),
    answers: Object.fromEntries(successes.map((status) => [status, successTypes(document, operation, status)])),
    ...(refusals.length > 0 ? { refusals: refusals.map((status) => status.replace('x', 'X').replace('x', 'X')) } : {}),
  };
}

function fieldsAt(document: OpenApiDocument, steps: readonly string[]): Fields {
  return partAt(document, steps)?.fields ?? {};
}

/** The client has an error of its own for each of these. */
const handled = new Set(['401', '403', '429']);

const isForm = (type: string): boolean => type.toLowerCase().startsWith('application/x-www-form-urlencoded');
const isMultipart = (type: string): boolean => type.toLowerCase().startsWith('multipart/');

function takesTokensAlone({ security: { alternatives } }: Operation): boolean {
  const [first] = alternatives;
  const [only] = first ?? [];
  return (
    first === undefined ||
    (alternatives.length === 1 &&
      first.length === 1 &&
      (only?.definition?.flows ?? []).some(({ name }) => name === 'clientCredentials'))
  );
}

/** How a scheme is presented; undefined where the document does not define it. */
function presentation({ definition }: Requirement): string | undefined {
  if (!definition) return undefined;
  const { type, place } = definition;
  if (type === 'oauth2' || type === 'openIdConnect') return 'oauth';
  if (place.in === 'connection') return 'connection';
  if (place.in !== 'authorization') return `${place.in} ${place.name}`;
  const word = place.word.toLowerCase();
  return word === 'bearer' || word === 'basic' ? word : 'header Authorization';
}

function securityOf({ security }: Operation, tokensAlone: boolean): Pick<Row, 'scopes' | 'security'> {
  const { alternatives } = security;
  const scopes = tokenScopes(security);
  if (tokensAlone || alternatives.length === 0) return { scopes: scopes ?? null };
  return {
    scopes: scopes ?? [],
    security: alternatives.map((each) => each.flatMap((one) => (presentation(one) ? one.scheme : []))),
  };
}

/** The one token URL of a document, if it is a URL without a template. No host `.invalid` exists (RFC 6761, section 6.4). */
function tokenUrlOf(document: OpenApiDocument): string | undefined {
  const flows = oauthFlows(document).filter(({ tokenUrl }) => tokenUrl !== undefined);
  const own = flows.filter(({ name }) => name === 'clientCredentials');
  const [url, ...others] = new Set((own.length > 0 ? own : flows).map(({ tokenUrl }) => tokenUrl));
  const isUsable = url !== undefined && /^https:\/\/[^{}]+$/.test(url) && !new URL(url).hostname.endsWith('.invalid');
  return others.length === 0 && isUsable ? url : undefined;
}

function serverOf(document: OpenApiDocument, { steps }: Operation, fields: Fields): string | undefined {
  const item = fieldsAt(document, steps.slice(0, -1));
  const [own] = readServers(fields['servers'] ?? item['servers']);
  const [first] = readServers(document.servers);
  const address = own && addressOf(own);
  return address === (first && addressOf(first)) ? undefined : address;
}

/**
 * The media types to ask for: those of JSON if there is one, any for a success without content. Undefined for
 * `application/json` alone, and where there can be no body.
 */
function acceptedTypes(document: OpenApiDocument, { steps, statuses }: Operation): string | undefined {
  const successes = statuses.filter((status) => /^2(\d\d|XX)$/i.test(status));
  const answered = successes.length > 0 ? successes : statuses.filter((status) => status === 'default');
  const types = answered.flatMap((status) =>
    Object.keys(fieldsAt(document, [...steps, 'responses', status, 'content'])),
  );
  const json = types.filter(isJson);
  const accepted = [...new Set(json.length > 0 ? json : types)].join(', ');
  if (accepted === 'application/json') return undefined;
  return accepted || (answered.every((status) => status === '204' || status === '205') ? undefined : '*/*');
}

/** The styles of the parameters that need more than the usual way to write them. */
function stylesOf(document: OpenApiDocument, { parameters }: Operation): Record<string, Record<string, string>> {
  const places: Record<string, Record<string, string>> = {};
  for (const { name, in: place, steps } of parameters) {
    const fields = fieldsAt(document, steps);
    const types = fields['schema'] === undefined ? [] : typesOf(document, [...steps, 'schema']);
    const style = fields['content'] === undefined ? styleName({ ...fields, in: place }) : 'json';
    const structured = types.includes('object') || types.includes('array');
    const usual =
      place === 'query'
        ? style === 'form*'
          ? !types.includes('object')
          : style === 'form' && !structured && types.length > 0
        : style.startsWith('simple') && !structured;
    if (!usual) places[place] = { ...places[place], [name]: style };
  }
  return places;
}

function styleName(fields: Fields): string {
  const { style, explode } = styleOf(fields);
  return `${style}${explode ? '*' : ''}${fields['allowReserved'] === true ? '+' : ''}`;
}

/** How the fields of a form, or the parts of a multipart body, are written where the document says it. */
function fieldStyles(document: OpenApiDocument, { steps }: Operation, type: string): Record<string, string> {
  const { encoding: encodings } = fieldsAt(document, [...steps, 'requestBody', 'content', type]);
  return Object.fromEntries(
    entriesOf(encodings).flatMap(([name, value]) => {
      const encoding = fieldsOf(value) ?? {};
      const { contentType } = encoding;
      const first = typeof contentType === 'string' ? (contentType.split(',')[0] ?? '').trim() : '';
      if (isMultipart(type)) return first === '' || first.includes('*') ? [] : [[name, first]];
      if (isJson(first)) return [[name, 'json']];
      const styled = ['style', 'explode', 'allowReserved'].some((key) => key in encoding);
      return styled ? [[name, styleName({ ...encoding, in: 'query' })]] : [];
    }),
  );
}

/** Operations by the name of their method, each once. */
function named(operations: readonly Operation[]): [string, Operation][] {
  // A client with this method would be taken for a promise.
  const taken = new Set(['then']);
  return operations.map((operation) => {
    const wanted = methodName(operation);
    let name = wanted;
    for (let count = 2; taken.has(name); count += 1) name = `${wanted}${count}`;
    taken.add(name);
    return [name, operation];
  });
}

/** The id if it can be a name, or else its words; without an id, method and path: `getParcelsByParcelId`. */
function methodName({ id, method, path }: Operation): string {
  if (/^(?!__proto__$)[A-Za-z_$][\w$]*$/.test(id)) return id;
  const isOwn = id !== `${method} ${path}` && id !== `${method.toUpperCase()} ${path}`;
  const text = isOwn ? id : `${method} ${path.replaceAll(/\{([^{}]*)\}/g, ' By $1')}`;
  const [first = '', ...rest] = text.split(/[^A-Za-z0-9]+/).filter(Boolean);
  const name =
    first.charAt(0).toLowerCase() +
    first.slice(1) +
    rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return /^[A-Za-z]/.test(name) ? name : `_${name}`;
}
