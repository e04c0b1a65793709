import { generateSync } from 'json-schema-faker';
import { entriesOf, fieldsOf, isFields, isList, textAt, type Fields } from '../../src/util/json.ts';
import { essence, isForm, isJson } from '../../src/util/media-type.ts';
import { drawBelow, seededRandom, type Random } from '../../src/util/random.ts';
import type { Schemas } from './schemas.ts';

/** A request that an operation must take, and what its answer is judged by. */
export interface Call {
  /** `GET /pets/{id}` */
  name: string;
  method: string;
  /** The path of the server that the document names first. */
  base: string;
  /** With the query. */
  target: string;
  headers: Record<string, string>;
  body?: string | Uint8Array | FormData;
  operation: Fields;
  /** Alternatives of security schemes: name to scopes. */
  security: Record<string, string[]>[];
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];

/** At most `count` operations of the document, and a right request for each, as far as one can be made. */
export async function callsOf(schemas: Schemas, count: number, seed: number): Promise<Call[]> {
  const random = seededRandom(seed);
  const all = entriesOf(schemas.document['paths'])
    .filter(([path]) => path.startsWith('/'))
    .flatMap(([path, item]) => {
      const followed = schemas.follow(item) ?? {};
      return methods.flatMap((method) => {
        const operation = fieldsOf(followed[method]);
        return operation ? [{ path, method, item: followed, operation, key: random() }] : [];
      });
    })
    .toSorted((a, b) => a.key - b.key);
  const calls: Call[] = [];
  for (const each of all) {
    if (calls.length === count) break;
    try {
      calls.push(await new Maker(schemas, random).call(each));
    } catch {
      // No right request can be made of what the document says: another operation stands in.
    }
  }
  return calls;
}

interface Described {
  path: string;
  method: string;
  item: Fields;
  operation: Fields;
}

class Maker {
  readonly #schemas: Schemas;
  readonly #random: Random;

  constructor(schemas: Schemas, random: Random) {
    this.#schemas = schemas;
    this.#random = random;
  }

  async call({ path, method, item, operation }: Described): Promise<Call> {
    const { document } = this.#schemas;
    const parameters = new Map<string, Fields>();
    for (const each of [item['parameters'], operation['parameters']].flatMap((list) => (isList(list) ? list : []))) {
      const parameter = this.#schemas.follow(each) ?? {};
      parameters.set(`${String(parameter['in'])} ${String(parameter['name']).toLowerCase()}`, parameter);
    }
    // What some documents write after `#` tells operations apart, and is never sent.
    let target = path.replace(/#.*$/s, '');
    const query: string[] = [];
    const cookies: string[] = [];
    const headers: Record<string, string> = {};
    for (const parameter of parameters.values()) {
      const name = String(parameter['name']);
      const place = parameter['in'];
      if (place === 'header' && /^(accept|content-type|authorization)$/i.test(name)) continue;
      if (parameter['required'] !== true && place !== 'path' && drawBelow(this.#random, 3) > 0) continue;
      const text = this.#written(parameter, name);
      if (text === undefined) {
        if (parameter['required'] === true || place === 'path') throw new Error(`No value for ${name}.`);
      } else if (place === 'path') target = target.replaceAll(`{${name}}`, () => text);
      else if (place === 'query') query.push(text);
      else if (place === 'cookie') cookies.push(text);
      else headers[name] = text;
    }
    if (/[{}]/.test(target)) throw new Error('A part of the path is not described.');
    if (query.length > 0) target += `${target.includes('?') ? '&' : '?'}${query.join('&')}`;
    if (cookies.length > 0) headers['Cookie'] = cookies.join('; ');
    const found = method === 'get' || method === 'head' ? undefined : await this.#body(operation['requestBody']);
    if (found?.type !== undefined) headers['Content-Type'] = found.type;
    const security = operation['security'] ?? document['security'];
    return {
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      base: basePath(operation['servers'] ?? item['servers'] ?? document['servers']),
      target: target.replaceAll(/[^!-~]/gu, encodeURIComponent),
      headers,
      ...(found ? { body: found.body } : {}),
      operation,
      security: (isList(security) ? security : []).map((each) =>
        Object.fromEntries(entriesOf(each).map(([name, scopes]) => [name, isList(scopes) ? scopes.map(String) : []])),
      ),
    };
  }

  /** The first right value: what the document gives as an example, before what json-schema-faker makes. */
  #value(holder: Fields, schema: unknown, isFit: (value: unknown) => boolean = () => true): unknown {
    const { example, default: usual, enum: values } = this.#schemas.follow(schema) ?? {};
    const examples = entriesOf(holder['examples']).map(([, each]) => this.#schemas.follow(each)?.['value']);
    const given = [holder['example'], ...examples, example, usual, isList(values) ? values[0] : undefined];
    for (const value of given.filter((each) => each !== undefined)) {
      if (isFit(value) && this.#schemas.fault(schema, value, 'request') === undefined) return value;
    }
    const whole = this.#schemas.standalone(schema, 'request');
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const seed = drawBelow(this.#random, 2 ** 31);
      const value = generateSync(whole, {
        seed,
        alwaysFakeOptionals: attempt === 1,
        optionalsProbability: attempt / 4,
      });
      if (isFit(value) && this.#schemas.fault(schema, value, 'request') === undefined) return value;
    }
    return undefined;
  }

  /** As OpenAPI 3.0.3 writes parameters (section 4.7.12.5): for a query and a cookie with the name. */
  #written(parameter: Fields, name: string): string | undefined {
    const place = parameter['in'];
    const [media] = entriesOf(parameter['content']);
    if (media) {
      const value = this.#value(fieldsOf(media[1]) ?? {}, fieldsOf(media[1])?.['schema'] ?? {});
      const text = value === undefined ? undefined : escape(JSON.stringify(value));
      return place === 'query' && text !== undefined ? `${escape(name)}=${text}` : text;
    }
    const isFit = (value: unknown): boolean => textsOf(value).every((text) => isSafe(text, place)) && value !== null;
    const value = this.#value(parameter, parameter['schema'] ?? {}, isFit);
    if (value === undefined) return undefined;
    const style = textAt(parameter, 'style') ?? (place === 'query' || place === 'cookie' ? 'form' : 'simple');
    const explode = parameter['explode'] ?? style === 'form';
    const encode = place === 'header' ? String : escape;
    return styled(style, explode === true, name, value, encode);
  }

  async #body(described: unknown): Promise<{ type?: string; body: NonNullable<Call['body']> } | undefined> {
    const body = this.#schemas.follow(described);
    if (!body) return undefined;
    for (const [type, media] of entriesOf(body['content']).toSorted(([a], [b]) => rank(a) - rank(b))) {
      const holder = fieldsOf(media) ?? {};
      const written = await this.#content(type, holder);
      if (written) return written;
    }
    if (body['required'] === true) throw new Error('No right body.');
    return undefined;
  }

  async #content(
    type: string,
    holder: Fields,
  ): Promise<{ type?: string; body: NonNullable<Call['body']> } | undefined> {
    const schema = holder['schema'] ?? {};
    const sent = type.includes('*') ? (rank(type) === 0 ? 'application/json' : 'application/octet-stream') : type;
    if (isJson(sent)) {
      const value = this.#value(holder, schema);
      return value === undefined ? undefined : { type: sent, body: JSON.stringify(value) };
    }
    const isMultipart = essence(sent) === 'multipart/form-data';
    if (isMultipart || isForm(sent)) {
      const value = this.#value(holder, schema, (each) => isFields(each) && Object.values(each).every(isPlainField));
      if (!isFields(value)) return undefined;
      const pairs = Object.entries(value).flatMap(([name, each]) =>
        textsOf(each).map((text): [string, string] => [name, text]),
      );
      if (!isMultipart) return { type: sent, body: new URLSearchParams(pairs).toString() };
      const form = new FormData();
      for (const [name, text] of pairs) {
        if (this.#isFile(schema, name)) form.append(name, new Blob([text]), 'file.bin');
        else form.append(name, text);
      }
      return { body: form };
    }
    if (/xml|multipart/.test(sent)) return undefined;
    const value = this.#value(holder, { ...this.#schemas.follow(schema), type: 'string' });
    return typeof value === 'string' ? { type: sent, body: value } : undefined;
  }

  #isFile(schema: unknown, name: string): boolean {
    const property = this.#schemas.follow(fieldsOf(this.#schemas.follow(schema)?.['properties'])?.[name]);
    return (this.#schemas.follow(property?.['items']) ?? property)?.['format'] === 'binary';
  }
}

/** JSON first, then forms, then the rest. */
function rank(type: string): number {
  if (isJson(type) || type === '*/*' || type === 'application/*') return 0;
  return isForm(type) ? 1 : type.startsWith('multipart/form-data') ? 2 : 3;
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' && value !== undefined;
}

const isPlainField = (value: unknown): boolean =>
  isPlain(value) || (isList(value) && value.length > 0 && value.every(isPlain));

function textsOf(value: unknown): string[] {
  if (isFields(value)) return Object.values(value).flatMap(textsOf);
  return isList(value) ? value.flatMap(textsOf) : [String(value)];
}

/** Whether a text can stand where it is to stand: styles have no way to write what separates their parts. */
function isSafe(text: string, place: unknown): boolean {
  if (place === 'path') return text !== '' && !/^\.+$/.test(text) && !/[/,;\\]/.test(text);
  if (place === 'header') return /^[!-~]([ -~]*[!-~])?$/.test(text) && !text.includes(',');
  return !text.includes(',') && !/\p{Cs}/u.test(text) && (place !== 'cookie' || /^[\w.-]+$/.test(text));
}

const escape = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

function styled(
  style: string,
  explode: boolean,
  name: string,
  value: unknown,
  encode: (text: string) => string,
): string | undefined {
  const plain = (each: unknown): string => encode(isPlain(each) ? String(each) : JSON.stringify(each));
  const key = escape(name);
  const isFormStyle = style === 'form';
  if (isFields(value)) {
    const entries = Object.entries(value);
    if (entries.length === 0 || entries.some(([, each]) => !isPlain(each))) return undefined;
    const pairs = entries.map(([a, b]) => `${encode(a)}=${plain(b)}`);
    const flat = entries.flatMap(([a, b]) => [encode(a), plain(b)]).join(',');
    if (style === 'deepObject') return entries.map(([a, b]) => `${key}[${escape(a)}]=${plain(b)}`).join('&');
    if (style === 'matrix') return explode ? `;${pairs.join(';')}` : `;${key}=${flat}`;
    if (style === 'label') return explode ? `.${pairs.join('.')}` : `.${flat}`;
    if (isFormStyle) return explode ? pairs.join('&') : `${key}=${flat}`;
    return style === 'simple' ? (explode ? pairs.join(',') : flat) : undefined;
  }
  const parts = isList(value) ? value : [value];
  if (parts.length === 0 || !parts.every(isPlain)) return undefined;
  const texts = parts.map(plain);
  if (style === 'matrix')
    return explode ? texts.map((text) => `;${key}=${text}`).join('') : `;${key}=${texts.join(',')}`;
  if (style === 'label') return `.${texts.join(explode ? '.' : ',')}`;
  if (style === 'simple') return texts.join(',');
  if (explode || !isList(value)) return texts.map((text) => `${key}=${text}`).join('&');
  return `${key}=${texts.join(style === 'pipeDelimited' ? '%7C' : style === 'spaceDelimited' ? '%20' : ',')}`;
}

function basePath(servers: unknown): string {
  const server = isList(servers) ? fieldsOf(servers[0]) : undefined;
  const written = (textAt(server, 'url') ?? '/').replaceAll(
    /\{([^}]*)\}/g,
    (_, name: string) => textAt(fieldsOf(server?.['variables'])?.[name], 'default') ?? name,
  );
  // A host without a scheme.
  const url = written.replace(/^[\w-]+(\.[\w-]+)+(?=\/|$)/, '//$&');
  return URL.parse(url, 'http://localhost/')?.pathname.replace(/\/$/, '') ?? '';
}
