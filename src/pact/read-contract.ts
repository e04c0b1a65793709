import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, messageOf, Problem } from '../util/errors.ts';
import { displayPath } from '../util/files.ts';
import { decodeForm } from '../util/http.ts';
import { parseJson } from '../util/json.ts';
import { isJson } from '../util/media-type.ts';
import { entriesOf, fieldsOf, flawsOf, type Fields, type Flaw } from './input.ts';
import type {
  Body,
  Contract,
  ContractRequest,
  ContractResponse,
  Header,
  Interaction,
  Message,
  HttpPart,
  State,
} from './model.ts';
import { readRules } from './read-rules.ts';

/**
 * Reads the text of a Pact file.
 * @param file as the user named it.
 * @throws Problem if it is no JSON, no Pact file of version 2, 3 or 4, or has no interaction.
 */
export function readContract(file: string, text: string): Contract {
  const content = parse(file, text);
  const fields = fieldsOf(content);
  const { consumer, provider, interactions = [], messages = [] } = fields ?? {};
  const [from, to] = [nameOf(consumer), nameOf(provider)];
  if (!fields || from === undefined || to === undefined) throw noPact(file);
  const version = readVersion(file, fields['metadata']);
  const flaw = flawsOf(file);
  if (!Array.isArray(interactions)) throw flaw(['interactions'], 'a list of interactions');
  const read = interactions.map((each: unknown, index) =>
    readInteraction(each, index, version, flaw.at('interactions', String(index))),
  );
  const contract = {
    file,
    content,
    version,
    consumer: from,
    provider: to,
    interactions: read.filter(isHttp),
    messages: [...read.filter(isMessage), ...readMessages(messages, flaw.at('messages'))],
  };
  if (read.length + contract.messages.length === 0) throw emptyContract(file);
  return contract;
}

function isHttp(each: Interaction | Message): each is Interaction {
  return 'request' in each;
}

function isMessage(each: Interaction | Message): each is Message {
  return !isHttp(each);
}

/** Version 3 has messages in a list of their own. */
function readMessages(messages: unknown, flaw: Flaw): Message[] {
  if (!Array.isArray(messages)) throw flaw([], 'a list of messages');
  return messages.map((each: unknown, index) => {
    const fields = fieldsOf(each);
    if (!fields) throw flaw([String(index)], 'a message');
    return readMessage(fields, 'Asynchronous/Messages', flaw.at(String(index)));
  });
}

function parse(file: string, text: string): unknown {
  try {
    const content: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return content;
  } catch (error) {
    throw new Problem(
      {
        code: 'contract_unreadable',
        what: 'The contract is not JSON.',
        where: file,
        facts: { reason: messageOf(error).split('\n')[0] },
        remedy: 'Write it anew with the tests of the consumer, or name another file or folder with --contracts.',
      },
      { cause: error },
    );
  }
}

function nameOf(party: unknown): string | undefined {
  const name = fieldsOf(party)?.['name'];
  return typeof name === 'string' && name !== '' ? name : undefined;
}

function noPact(file: string): Problem {
  return new Problem({
    code: 'contract_invalid',
    what: 'This is JSON, but no Pact file.',
    where: file,
    facts: { expected: 'consumer and provider with their names, and interactions' },
    remedy: 'Name a Pact file, or a folder that holds nothing but Pact files, with --contracts.',
  });
}

function emptyContract(file: string): Problem {
  return new Problem({
    code: 'contract_empty',
    what: 'The contract has no interaction, so it would hold whatever the provider does.',
    where: file,
    remedy: 'Run the tests of the consumer, and look whether they still write this contract.',
  });
}

/**
 * Reads one Pact file, or all of a folder (each `.json` in it, by name).
 * @throws Problem if there is none, or one of them cannot be used.
 */
export async function readContracts(path: string): Promise<Contract[]> {
  const files = await filesOf(path);
  return Promise.all(files.map(async (file) => readContract(displayPath(file), await readContractText(file))));
}

async function filesOf(path: string): Promise<string[]> {
  let names: string[];
  try {
    names = await readdir(path);
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') return [path];
    throw unreadable(path, error);
  }
  const files = names.filter((name) => name.endsWith('.json')).toSorted();
  if (files.length > 0) return files.map((name) => join(path, name));
  throw new Problem({
    code: 'contracts_missing',
    what: 'The folder holds no contract.',
    where: displayPath(path),
    facts: { expected: 'Pact files, whose names end in .json' },
    remedy: 'Run the tests of the consumer, or name another folder with --contracts.',
  });
}

async function readContractText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(path: string, cause: unknown): Problem {
  const missing = codeOf(cause) === 'ENOENT';
  return new Problem(
    {
      code: missing ? 'contracts_missing' : 'contract_unreadable',
      what: missing ? 'There is no such contract.' : 'The contract cannot be read.',
      where: displayPath(path),
      facts: missing ? {} : { reason: codeOf(cause) },
      remedy: 'Name a Pact file, or a folder of Pact files, with --contracts.',
    },
    { cause },
  );
}

function readInteraction(value: unknown, index: number, version: 2 | 3 | 4, flaw: Flaw): Interaction | Message {
  const fields = fieldsOf(value);
  if (!fields) throw flaw([], 'an interaction');
  const { type = 'Synchronous/HTTP' } = fields;
  if (typeof type !== 'string') throw flaw(['type'], 'the name of a type');
  if (type !== 'Synchronous/HTTP') return readMessage(fields, type, flaw);
  return {
    index,
    ...(typeof fields['key'] === 'string' ? { key: fields['key'] } : {}),
    pending: fields['pending'] === true,
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
  const fields = fieldsOf(value);
  if (!fields) throw flaw([], 'a request');
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
  const fields = fieldsOf(value);
  if (!fields) throw flaw([], 'a response');
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
    entriesOf(value).map(([name, values]) => [name.toLowerCase(), { name, values: [values].flat().map(String) }]),
  );
}

const absent: Body = { kind: 'absent' };
const empty: Body = { kind: 'empty' };

interface ReadBody {
  body: Body;
  contentType: string | undefined;
}

/** The body of a request or a response. Version 4 wraps it: content, content type, and how it is encoded. */
function readBody(part: object, version: 2 | 3 | 4, headers: ReadonlyMap<string, Header>, flaw: Flaw): ReadBody {
  const header = headers.get('content-type')?.values[0];
  if (!Object.hasOwn(part, 'body')) return { body: absent, contentType: header };
  const value: unknown = Reflect.get(part, 'body');
  if (version !== 4) return { body: plainBody(value, header), contentType: header };
  if (value === null) return { body: empty, contentType: header };
  const wrapped = fieldsOf(value);
  if (!wrapped) throw flaw([], 'an object with `content`, as in version 4 of Pact');
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
  return isText(contentType) ? { kind: 'text', text } : { kind: 'binary', bytes };
}

function parseContent(text: string): Body | undefined {
  const value = parseJson(text);
  return value === undefined ? undefined : { kind: 'json', value };
}

function isText(contentType: string | undefined): boolean {
  return (
    contentType !== undefined &&
    /^\s*(text\/|application\/(xml|x-www-form-urlencoded|[\w.+-]+\+xml))/i.test(contentType)
  );
}

type Query = ReadonlyMap<string, readonly (string | null)[]>;

/** The query of a request: a text up to version 2, names with their values later. */
function readQuery(value: unknown, flaw: Flaw): Query {
  if (value === undefined || value === null || value === '') return new Map();
  if (typeof value === 'string') return readText(value);
  if (typeof value !== 'object' || Array.isArray(value)) throw flaw([], 'a text, or names with their values');
  return new Map(entriesOf(value).map(([name, values]) => [name, [values].flat().map(readValue)]));
}

function readText(text: string): Query {
  const query = new Map<string, (string | null)[]>();
  for (const pair of text.replace(/^\?/, '').split('&').filter(Boolean)) {
    const [name = '', value] = pair.split(/=(.*)/s);
    const key = decodeForm(name);
    query.set(key, [...(query.get(key) ?? []), value === undefined ? null : decodeForm(value)]);
  }
  return query;
}

function readValue(value: unknown): string | null {
  return value === null ? null : typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * The version of Pact's specification that a contract follows; writers differ in where they say it.
 * @throws Problem if it is none that the toolkit reads.
 */
function readVersion(file: string, metadata: unknown): 2 | 3 | 4 {
  const fields = fieldsOf(metadata) ?? {};
  const found =
    fieldsOf(fields['pactSpecification'])?.['version'] ??
    fieldsOf(fields['pact-specification'])?.['version'] ??
    fields['pactSpecificationVersion'];
  const major = /^([234])(\.\d+)*$/.exec(String(found))?.[1];
  if (major === '2') return 2;
  if (major === '3') return 3;
  if (major === '4') return 4;
  throw new Problem({
    code: 'contract_unsupported',
    what: 'The contract follows no version of Pact that can be read.',
    where: file,
    facts: {
      expected: 'metadata.pactSpecification.version 2, 3 or 4',
      found: typeof found === 'string' || typeof found === 'number' ? String(found) : 'no version',
    },
    remedy: 'Have the tests of the consumer write version 2, 3 or 4.',
  });
}
