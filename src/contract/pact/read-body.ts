import type { Body, Header } from '../../pact/model.ts';
import { fieldsOf } from '../../pact/input.ts';
import type { Flaw } from './flaw.ts';

const absent: Body = { kind: 'absent' };
const empty: Body = { kind: 'empty' };

export interface ReadBody {
  body: Body;
  contentType: string | undefined;
}

/** The body of a request or a response. Version 4 wraps it: content, content type, and how it is encoded. */
export function readBody(part: object, version: 2 | 3 | 4, headers: ReadonlyMap<string, Header>, flaw: Flaw): ReadBody {
  const header = headers.get('content-type')?.values[0];
  if (!Object.hasOwn(part, 'body')) return { body: absent, contentType: header };
  const value: unknown = Reflect.get(part, 'body');
  if (version !== 4) return { body: plainBody(value, header), contentType: header };
  if (value === null) return { body: empty, contentType: header };
  const wrapped = fieldsOf(value);
  if (!wrapped) throw flaw([], 'an object with `content`, as version 4 of Pact has it');
  const contentType = typeof wrapped['contentType'] === 'string' ? wrapped['contentType'] : header;
  return { body: wrappedBody(wrapped['content'], wrapped['encoded'], contentType, flaw), contentType };
}

/** Up to version 3, a string is the body's text, and anything else its JSON. */
function plainBody(value: unknown, contentType: string | undefined): Body {
  if (value === null || value === '') return empty;
  if (typeof value !== 'string') return { kind: 'json', value };
  if (!isJson(contentType)) return { kind: 'text', text: value };
  // A string that is no JSON stands for itself.
  return parseContent(value) ?? { kind: 'json', value };
}

function wrappedBody(content: unknown, encoded: unknown, contentType: string | undefined, flaw: Flaw): Body {
  if (content === undefined) return absent;
  if (content === null || content === '') return empty;
  if (encoded === undefined || encoded === false) {
    if (typeof content !== 'string') return { kind: 'json', value: content };
    return isJson(contentType) ? { kind: 'json', value: content } : { kind: 'text', text: content };
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
  if (isJson(contentType)) return parseContent(text) ?? { kind: 'text', text };
  return isText(contentType) ? { kind: 'text', text } : { kind: 'binary', bytes };
}

function parseContent(text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return { kind: 'json', value };
  } catch {
    return undefined;
  }
}

/** Whether a content type is JSON, with a structured suffix or without. */
export function isJson(contentType: string | undefined): boolean {
  return contentType !== undefined && /^\s*(application|text)\/([\w.+-]+\+)?json\b/i.test(contentType);
}

function isText(contentType: string | undefined): boolean {
  return (
    contentType !== undefined &&
    /^\s*(text\/|application\/(xml|x-www-form-urlencoded|[\w.+-]+\+xml))/i.test(contentType)
  );
}
