import type { IHttpRequest } from '@stoplight/prism-http';
import { parseJson } from '../../util/json.ts';
import { isJson } from '../../util/media-type.ts';
import type { Clinic } from '../clinics/clinic.ts';
import { jsonReply } from '../http/reply.ts';
import type { MockAnswer, MockRequest, Route } from '../http/request.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { missingExample, readPreference } from './preference.ts';

/** A request held against the specification. */
export interface Checked {
  /** The request as Prism sees it; undefined where it cannot be read. */
  described: IHttpRequest | undefined;
  /** What in the request violates the specification, where anything does. */
  violations: string[] | undefined;
}

/** Holds a request against the specification, for the journal. Prism must have been loaded. */
export function checkRequest({ answers, keys }: Sandbox, request: MockRequest, route: Route, body: Buffer): Checked {
  const described = describeRequest(request, route, body);
  const found = described && answers.violations(route.operation, described);
  if (found?.length === 0) return { described, violations: undefined };
  // A violation may name what the client sent.
  const violations = (found ?? [unreadable]).map((each) => keys.secrets.redact(each));
  return { described: found && described, violations };
}

const unreadable = 'body: not what the request says that it is';

/**
 * Gives the answer of the clinic's fixture, or of the specification's example where the clinic has none, unless the
 * request prefers another of the documented answers.
 */
export async function respond(
  sandbox: Sandbox,
  { operation }: Route,
  clinic: Clinic | undefined,
  { described, violations }: Checked,
  prefer: string | undefined,
): Promise<MockAnswer> {
  if (!described) {
    const message = 'The body of the request is not what its Content-Type says, or is nested too deeply.';
    return { reply: jsonReply(400, { message }) };
  }
  const { answers } = sandbox;
  const preference = readPreference(prefer);
  if (!preference) return { reply: await answers.usual(operation, clinic, described, !violations) };
  const missing = missingExample(sandbox.api, operation, preference);
  return { reply: missing ?? (await answers.preferred(operation, clinic, described, preference)), fault: 'prefer' };
}

/** The request as Prism sees it; undefined where it says that its body is JSON, but it is none that can be read. */
function describeRequest({ headers, query }: MockRequest, route: Route, bytes: Buffer): IHttpRequest | undefined {
  const body = readBody(headers['content-type'], bytes);
  if ('broken' in body) return undefined;
  return {
    method: route.operation.method,
    url: { path: route.path, query: readQuery(query) },
    headers: joinHeaders(headers),
    body: body.value,
  };
}

function readBody(contentType = '', body: Buffer): { value: unknown } | { broken: true } {
  if (body.length === 0) return { value: null };
  const text = body.toString('utf8');
  if (!isJson(contentType)) return { value: text };
  const value = parseJson(text);
  return value === undefined ? { broken: true } : { value };
}

function readQuery(query: URLSearchParams): Record<string, string | string[]> {
  const names = [...new Set(query.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const [first = '', ...more] = query.getAll(name);
      return [name, more.length === 0 ? first : [first, ...more]];
    }),
  );
}

function joinHeaders(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value = '']) => [name, [value].flat().join(', ')]));
}
