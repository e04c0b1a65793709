import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, messageOf, Problem } from '../util/errors.ts';
import { displayPath, readRegular } from '../util/files.ts';
import { decodeForm } from '../util/http.ts';
import { entriesOf, fieldsOf, parseJson, type Fields } from '../util/json.ts';
import { isJson } from '../util/media-type.ts';
import {
  splitHeaders,
  type Body,
  type Contract,
  type ContractRequest,
  type ContractResponse,
  type Header,
  type Interaction,
  type Message,
  type HttpPart,
  type State,
} from './model.ts';
import { flawsOf, listOf, readRules, type Flaw } from './read-rules.ts';

/**
 * Reads the text of a Pact file.
 * @param file as the user named it.
 * @throws Problem if it is no JSON, no Pact file of version 1 to 4, or has no interaction.
 */
export function readContract(file: string, text: string): Contract {
  const fields = fieldsOf(parse(file, text));
  const { consumer, provider, interactions = [], messages = [] } = fields ?? {};
  const [from, to] = [nameOf(consumer), nameOf(provider)];
  if (!fields || from === undefined || to === undefined) {
    throw new Problem({
      code: 'contract_invalid',
      what: 'This is JSON, but no Pact file.',
      where: file,
      facts: { expected: 'consumer and provider with their names, and interactions' },
      remedy: 'Name a Pact file, or a folder that contains only Pact files, with --contracts.',
    });
  }
  const version = readVersion(file, fields['metadata']);
  const flaw = flawsOf(file);
  const http: Interaction[] = [];
  const others: Message[] = [];
  listOf(interactions, flaw.at('interactions'), 'a list of interactions', (each, at) => {
    const read = readInteraction(each, http.length + others.length, version, at);
    if ('request' in read) http.push(read);
    else others.push(read);
  });
  // Version 3 has messages in a list of their own.
  const more = listOf(messages, flaw.at('messages'), 'a list of messages', (each, at) =>
    readMessage(objectOf(each, at, 'a message'), 'Asynchronous/Messages', at),
  );
  if (http.length + others.length + more.length === 0) {
    throw new Problem({
      code: 'contract_empty',
      what: 'The contract has no interaction, so it would hold whatever the provider does.',
      where: file,
      remedy: "Run the consumer's tests, and check whether they still write this contract.",
    });
  }
  // Read again: what is written must have the numbers as they stand there, since Pact tells 1 from 1.0.
  const content = parseForWriting(withoutMark(text));
  return { file, content, version, consumer: from, provider: to, interactions: http, messages: [...others, ...more] };
}

function objectOf(value: unknown, flaw: Flaw, expected: string): Fields {
  const fields = fieldsOf(value);
  if (!fields) throw flaw([], expected);
  return fields;
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(withoutMark(text));
  } catch (error) {
    throw new Problem(
      {
        code: 'contract_unreadable',
        what: 'The contract is not JSON.',
        where: file,
        facts: { reason: messageOf(error).split('\n')[0] },
        remedy: "Write it again with the consumer's tests, or name another file or folder with --contracts.",
      },
      { cause: error },
    );
  }
}

function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

function nameOf(party: unknown): string | undefined {
  const name = fieldsOf(party)?.['name'];
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/**
 * Reads one Pact file, or all of a folder (each `.json` in it, by name).
 * @throws Problem if there is none, or one of them cannot be used.
 */
export async function readContracts(path: string): Promise<Contract[]> {
  const files = await filesOf(path);
  return Promise.all(
    files.map(async (file) => {
      // What the user names may be a pipe.
      const text = await (file === path ? readFile(file, 'utf8') : readRegular(file)).catch((error: unknown) => {
        throw unreadable(file, error);
      });
      return readContract(displayPath(file), text);
    }),
  );
}

async function filesOf(path: string): Promise<string[]> {
  const names = await readdir(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOTDIR') return undefined;
    throw unreadable(path, error);
  });
  if (!names) return [path];
  const files = names.filter((name) => name.endsWith('.json')).toSorted();
  if (files.length > 0) return files.map((name) => join(path, name));
  throw new Problem({
    code: 'contracts_missing',
    what: 'The folder holds no contract.',
    where: displayPath(path),
    facts: { expected: 'Pact files, whose names end in .json' },
    remedy: "Run the consumer's tests, or name another folder with --contracts.",
  });
}

function unreadable(path: string, cause: unknown): Problem {
  const missing = codeOf(cause) === 'ENOENT';
  return new Problem(
    {
      code: missing ? 'contracts_missing' : 'contract_unreadable',
      what: missing ? 'The contract does not exist.' : 'The contract cannot be read.',
      where: displayPath(path),
      facts: missing ? {} : { reason: codeOf(cause) ?? messageOf(cause) },
      remedy: 'Name a Pact file, or a folder of Pact files, with --contracts.',
    },
    { cause },
  );
}

function readInteraction(value: unknown, index: number, version: 2 | 3 | 4, flaw: Flaw): Interaction | Message {
  const fields = objectOf(value, flaw, 'an interaction');
  const { type = 'Synchronous/HTTP' } = fields;
  if (typeof type !== 'string') throw flaw(['type'], 'the name of a type');
  if (type !== 'Synchronous/HTTP') return readMessage(fields, type, flaw);
  return {
    index,
    ...(typeof fields['key'] === 'string' ? { key: fields['key'] } : {}),
    pending: fields['pending'] === true,
    plugins: entriesOf(fields['pluginConfiguration']).map(([name]) => name),
    description: readDescription(fields, flaw),
    states: readStates(fields),
    request: readRequest(fields['request'], version, flaw.at('request')),
    response: readResponse(fields['response'], version, flaw.at('response')),
  };
}

function readMessage(fields: Fields, type: string, flaw: Flaw): Message {
  return { type, description: readDescription(fields, flaw), states: readStates(fields) };
}

function readDescription({ description }: Fields, flaw: Flaw): string {
  if (typeof description !== 'string' || description === '') throw flaw(['description'], 'a text');
  return description;
}

function readStates({ providerStates, providerState, provider_state: oldState }: Fields): State[] {
  if (Array.isArray(providerStates)) {
    return providerStates.map((state: unknown) => {
      const { name, params } = fieldsOf(state) ?? { name: state };
      return { name: String(name), params: fieldsOf(params) ?? {} };
    });
  }
  // Version 3 may still have one state, as a text.
  const name = typeof providerStates === 'string' ? providerStates : (providerState ?? oldState);
  return typeof name === 'string' && name !== '' ? [{ name, params: {} }] : [];
}

function readRequest(value: unknown, version: 2 | 3 | 4, flaw: Flaw): ContractRequest {
  const fields = objectOf(value, flaw, 'a request');
  const { method = 'GET', path = '/', query } = fields;
  if (typeof method !== 'string' || !/^[\w-]+$/.test(method)) throw flaw(['method'], 'a method such as GET');
  if (typeof path !== 'string' || !path.startsWith('/')) throw flaw(['path'], 'a path that begins with a slash');
  return {
    method: method.toUpperCase(),
    path,
    query: readQuery(query, flaw.at('query')),
    ...readPart(fields, version, flaw),
  };
}

function readResponse(value: unknown, version: 2 | 3 | 4, flaw: Flaw): ContractResponse {
  const fields = objectOf(value, flaw, 'a response');
  const status = Number(fields['status'] ?? 200);
  if (!Number.isInteger(status) || status < 100 || status > 599) throw flaw(['status'], 'a status from 100 to 599');
  return { status, ...readPart(fields, version, flaw) };
}

function readPart(fields: Fields, version: 2 | 3 | 4, flaw: Flaw): HttpPart {
  const headers = readHeaders(fields['headers'], flaw.at('headers'));
  return {
    headers,
    ...readBody(fields, version, headers, flaw.at('body')),
    rules: readRules(fields['matchingRules'], version, flaw.at('matchingRules')),
    generators: fields['generators'],
  };
}

function readHeaders(value: unknown, flaw: Flaw): Map<string, Header> {
  if (value !== undefined && value !== null && !fieldsOf(value)) throw flaw([], 'names with their values');
  return new Map(
    entriesOf(value).map(([name, found]) => {
      const key = name.toLowerCase();
      const isOne = typeof found === 'string' && splitHeaders.has(key);
      const values = isOne ? found.split(',').map((part) => part.trim()) : [found].flat().map(String);
      return [key, { name, values }];
    }),
  );
}

const absent: Body = { kind: 'absent' };
const empty: Body = { kind: 'empty' };

/** The body of a request or a response. Version 4 wraps it: content, content type, and how it is encoded. */
function readBody(
  part: Fields,
  version: 2 | 3 | 4,
  headers: ReadonlyMap<string, Header>,
  flaw: Flaw,
): Pick<HttpPart, 'body' | 'contentType'> {
  const header = headers.get('content-type')?.values[0];
  if (!Object.hasOwn(part, 'body')) return { body: absent, contentType: header };
  const value = part['body'];
  if (version !== 4) return { body: plainBody(value, header), contentType: header };
  if (value === null) return { body: empty, contentType: header };
  const wrapped = objectOf(value, flaw, 'an object with `content`, as in version 4 of Pact');
  const contentType = typeof wrapped['contentType'] === 'string' ? wrapped['contentType'] : header;
  return { body: wrappedBody(wrapped['content'], wrapped['encoded'], contentType, flaw), contentType };
}

/** Up to version 3, a string is the body's text, and anything else its JSON. */
function plainBody(value: unknown, contentType: string | undefined): Body {
  if (value === null || value === '') return empty;
  if (typeof value !== 'string') return { kind: 'json', value };
  if (!isJson(contentType ?? '')) return { kind: 'text', text: value };
  // A string that is no JSON stands for itself.
  return parseContent(value) ?? { kind: 'json', value };
}

function wrappedBody(content: unknown, encoded: unknown, contentType: string | undefined, flaw: Flaw): Body {
  if (content === undefined) return absent;
  if (content === null || content === '') return empty;
  if (encoded === undefined || encoded === false) {
    if (typeof content !== 'string') return { kind: 'json', value: content };
    return isJson(contentType ?? '') ? { kind: 'json', value: content } : { kind: 'text', text: content };
  }
  const encoding = typeof encoded === 'string' ? encoded.toLowerCase() : 'json';
  if (encoding === 'base64' && typeof content === 'string') return decodeContent(content, contentType);
  if (encoding !== 'json') throw flaw(['encoded'], 'false, "base64" or "json"');
  return typeof content === 'string'
    ? (parseContent(content) ?? { kind: 'text', text: content })
    : { kind: 'json', value: content };
}

function decodeContent(content: string, contentType: string | undefined): Body {
  const bytes = Buffer.from(content, 'base64');
  const text = bytes.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes)) return { kind: 'binary', bytes };
  if (isJson(contentType ?? '')) return parseContent(text) ?? { kind: 'text', text };
  const isText = /^\s*(text\/|application\/(xml|x-www-form-urlencoded|[\w.+-]+\+xml))/i.test(contentType ?? '');
  return isText ? { kind: 'text', text } : { kind: 'binary', bytes };
}

function parseContent(text: string): Body | undefined {
  const value = parseJson(text);
  return value === undefined ? undefined : { kind: 'json', value };
}

/** The query of a request: a text up to version 2, names with their values later. */
function readQuery(value: unknown, flaw: Flaw): ContractRequest['query'] {
  if (value === undefined || value === null || value === '') return new Map();
  if (typeof value !== 'string' && !fieldsOf(value)) throw flaw([], 'a text, or names with their values');
  if (typeof value !== 'string') {
    const valuesOf = (values: unknown): (string | null)[] =>
      [values].flat().map((each: unknown) => (each === null || typeof each === 'string' ? each : JSON.stringify(each)));
    return new Map(entriesOf(value).map(([name, values]) => [name, valuesOf(values)]));
  }
  const query = new Map<string, (string | null)[]>();
  for (const pair of value.replace(/^\?/, '').split('&').filter(Boolean)) {
    const [name = '', value] = pair.split(/=(.*)/s);
    const key = decodeForm(name);
    query.set(key, [...(query.get(key) ?? []), value === undefined ? null : decodeForm(value)]);
  }
  return query;
}

/**
 * The version of Pact's specification that a contract follows; writers differ in where they say it. Version 2 has all
 * that version 1 has, and a contract that names none is read as 2.
 * @throws Problem if it is none that the toolkit reads.
 */
function readVersion(file: string, metadata: unknown): 2 | 3 | 4 {
  const fields = fieldsOf(metadata) ?? {};
  const found: unknown =
    fieldsOf(fields['pactSpecification'])?.['version'] ??
    fieldsOf(fields['pact-specification'])?.['version'] ??
    fields['pactSpecificationVersion'] ??
    '2';
  if (/^1(\.\d+)*$/.test(String(found))) return 2;
  const version = ([2, 3, 4] as const).find((each) => new RegExp(`^${each}(\\.\\d+)*$`).test(String(found)));
  if (version) return version;
  throw new Problem({
    code: 'contract_unsupported',
    what: 'The contract has no supported version of Pact.',
    where: file,
    facts: {
      expected: 'metadata.pactSpecification.version 1 to 4',
      found: typeof found === 'string' || typeof found === 'number' ? String(found) : 'another value',
    },
    remedy: "Have the consumer's tests write version 2, 3 or 4.",
  });
}

declare global {
  interface JSON {
    parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
    rawJSON(text: string): unknown;
  }
}

/** A parsed text that is written again with its numbers as they were spelt: `1.0`, and more digits than fit a number. */
function parseForWriting(text: string): unknown {
  return JSON.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && source !== String(value) ? JSON.rawJSON(source) : value,
  );
}
