import type { OpenApiDocument } from '../../openapi/document.ts';
import { follow } from '../../openapi/look-up.ts';
import type { Operation } from '../../openapi/operations.ts';
import { exampleNames } from '../../openapi/responses.ts';
import { entriesOf, fieldsOf, isFields, isList, parseJson, valueAt, type Fields } from '../../util/json.ts';
import { essence, isForm, isJson } from '../../util/media-type.ts';
import { parseMultipart } from '../../util/multipart.ts';
import type { MockRequest } from '../http/request.ts';
import type { Clinic } from './clinic.ts';

/** What a request must have: each named value. Of the body, each field that is named, at any depth. */
export interface Conditions {
  path?: Fields;
  query?: Fields;
  headers?: Fields;
  body?: unknown;
}

/** One of several answers of a clinic to an operation. */
export interface Case {
  /** Undefined for the answer to all other requests. */
  when: Conditions | undefined;
  /** Undefined for the operation's usual status. */
  status: number | undefined;
  /** Undefined for the document's answer of that status. */
  body: unknown;
  /** The keys that lead to the body in the list. */
  steps: string[];
}

/** The parts of a request that a condition looks at: what a path, query or header has is text. */
export interface Given {
  path: Readonly<Record<string, string>>;
  query: Fields;
  /** By names in small letters. */
  headers: Fields;
  body: unknown;
}

const places = new Set(['path', 'query', 'headers', 'body']);

/**
 * The cases of an answer, or undefined where the value is the body itself. It is a list of cases if each of its elements is
 * one: `when` with conditions and nothing else, beside `body` or `status`; or `otherwise`.
 */
export function readCases(value: unknown): Case[] | undefined {
  if (!isList(value) || value.length === 0) return undefined;
  const cases = value.map((item, index) => readCase(item, String(index)));
  return cases.every((each) => each !== undefined) ? cases : undefined;
}

function readCase(value: unknown, index: string): Case | undefined {
  const fields = fieldsOf(value);
  if (!fields) return undefined;
  const { when, otherwise, status, body, ...others } = fields;
  if (Object.keys(others).length > 0 || (status !== undefined && typeof status !== 'number')) return undefined;
  if (Object.hasOwn(fields, 'otherwise')) {
    if (when !== undefined || body !== undefined) return undefined;
    return { when: undefined, status, body: otherwise, steps: [index, 'otherwise'] };
  }
  if (body === undefined && status === undefined) return undefined;
  const condition = readCondition(when);
  return condition && { when: condition, status, body, steps: [index, 'body'] };
}

/** What keeps a list from being one of cases, though it has the words of one: undefined for any other value. */
export function caseMistake(value: unknown): { steps: string[]; expected: string; found: string } | undefined {
  if (!isList(value)) return undefined;
  for (const [index, item] of value.entries()) {
    const fields = fieldsOf(item) ?? {};
    if (!('when' in fields || 'otherwise' in fields)) return undefined;
    if (readCase(item, String(index))) continue;
    const { when, otherwise: _, status, body, ...others } = fields;
    const [odd] = Object.keys(others);
    const steps = [String(index)];
    const keys = 'when, body, status and otherwise';
    if (odd !== undefined) return { steps: [...steps, odd], expected: `a case, with the keys ${keys}`, found: odd };
    const place = Object.keys(fieldsOf(when) ?? {}).find((key) => !places.has(key));
    if (place !== undefined) {
      return { steps: [...steps, 'when', place], expected: `one of ${[...places].join(', ')}`, found: place };
    }
    const found = status === undefined && body === undefined ? 'neither body nor status' : 'other values';
    return { steps, expected: 'a case: when with a body or a number as status, or otherwise alone', found };
  }
  return undefined;
}

function readCondition(value: unknown): Conditions | undefined {
  const fields = fieldsOf(value);
  if (!fields || Object.keys(fields).length === 0) return undefined;
  const { path, query, headers, body } = fields;
  const named = [path, query, headers].every((each) => each === undefined || isFields(each));
  if (!named || Object.keys(fields).some((key) => !places.has(key))) return undefined;
  return { path: fieldsOf(path) ?? {}, query: fieldsOf(query) ?? {}, headers: fieldsOf(headers) ?? {}, body };
}

/** What was chosen before, by operation and case: answers are kept for each. */
const chosen = new WeakMap<Clinic, Map<string, Clinic>>();

/**
 * The clinic with one answer to the operation, where it has cases: that of the first case which the request meets. Where it
 * meets none, the clinic has no answer, and so gives the document's.
 */
export function chooseCase(clinic: Clinic, { id }: Operation, given: () => Given): Clinic {
  const cases = readCases(clinic.responses.get(id));
  if (!cases) return clinic;
  const index = cases.findIndex(({ when }) => !when || meets(when, given()));
  const ofClinic = chosen.get(clinic) ?? new Map<string, Clinic>();
  chosen.set(clinic, ofClinic);
  const known = ofClinic.get(`${index} ${id}`);
  if (known) return known;
  const { status, body } = cases[index] ?? {};
  const responses = new Map(clinic.responses);
  if (body === undefined) responses.delete(id);
  else responses.set(id, body);
  const made = { ...clinic, responses, status };
  ofClinic.set(`${index} ${id}`, made);
  return made;
}

const conditions = new WeakMap<Operation, Map<string, Conditions>>();

/**
 * The name of the document's example whose parameters and body, by their examples of the same name, are those of the
 * request. Undefined where there is none, or no choice.
 */
export function chooseExample(document: OpenApiDocument, operation: Operation, given: () => Given): string | undefined {
  const known = conditions.get(operation) ?? readExampleConditions(document, operation);
  conditions.set(operation, known);
  if (known.size === 0) return undefined;
  const request = given();
  return [...known].find(([, condition]) => meets(condition, request))?.[0];
}

function readExampleConditions(document: OpenApiDocument, operation: Operation): Map<string, Conditions> {
  const { parameters, steps, usualStatus } = operation;
  const names = usualStatus === undefined ? [] : exampleNames(document, operation, usualStatus);
  const found = new Map<string, Conditions>();
  for (const name of names.length > 1 ? names : []) {
    const exampleAt = (holder: readonly string[]): unknown =>
      valueAt(document, [...follow(document, [...holder, 'examples', name]), 'value']);
    const among = (place: string): Fields => {
      const examples = parameters.flatMap((each) =>
        each.in === place ? [[each.name, exampleAt(each.steps)] as const] : [],
      );
      return Object.fromEntries(examples.filter(([, value]) => value !== undefined));
    };
    const content = follow(document, [...steps, 'requestBody', 'content']);
    const bodies = entriesOf(valueAt(document, content)).map(([type]) => exampleAt([...content, type]));
    const body = bodies.find((each) => each !== undefined);
    const texts = { path: among('path'), query: among('query'), headers: among('header') };
    const isTold = body !== undefined || Object.values(texts).some((each) => Object.keys(each).length > 0);
    if (isTold) found.set(name, { ...texts, body });
  }
  return found;
}

/** What conditions look at in a request. */
export function givenIn(
  { query, headers }: Pick<MockRequest, 'query' | 'headers'>,
  path: Readonly<Record<string, string>>,
  bytes: Buffer,
): Given {
  const type = headers['content-type'] ?? '';
  const text = bytes.toString('utf8');
  const parts = essence(type) === 'multipart/form-data' ? parseMultipart(type, bytes) : undefined;
  const fields = isForm(type) ? new URLSearchParams(text) : parts?.map((part) => [part.name, part.text] as const);
  const body = isJson(type) ? parseJson(text) : fields ? Object.fromEntries(fields) : text;
  const texts = [...new Set(query.keys())].map((name): [string, string[]] => [name, query.getAll(name)]);
  return { path, query: Object.fromEntries(texts), headers, body };
}

function meets({ path = {}, query = {}, headers = {}, body }: Conditions, given: Given): boolean {
  return (
    hasTexts(given.path, path) &&
    hasTexts(given.query, query) &&
    hasTexts(
      given.headers,
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    ) &&
    (body === undefined || hasPart(given.body, body))
  );
}

/** Several values of one name are compared in order; one value may be any of them. */
function hasTexts(given: Fields, wanted: Fields): boolean {
  return Object.entries(wanted).every(([name, value]) => {
    // The parts of an object have names of their own, as `filter[size]`.
    const parts = Object.entries(fieldsOf(value) ?? {}).map(([key, part]) => [`${name}[${key}]`, part] as const);
    if (parts.length > 0) return hasTexts(given, Object.fromEntries(parts));
    if (given[name] === undefined) return false;
    const texts = [given[name]].flat().map(String);
    if (isList(value)) return value.map(String).join('\0') === texts.flatMap((text) => text.split(',')).join('\0');
    return texts.includes(String(value));
  });
}

function hasPart(given: unknown, wanted: unknown): boolean {
  if (isFields(wanted)) {
    return isFields(given) && Object.entries(wanted).every(([name, value]) => hasPart(given[name], value));
  }
  if (isList(wanted)) {
    return (
      isList(given) && given.length === wanted.length && wanted.every((value, index) => hasPart(given[index], value))
    );
  }
  // The fields of a form are texts.
  return given === wanted || (typeof given === 'string' && given === String(wanted));
}
