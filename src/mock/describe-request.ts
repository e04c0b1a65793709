import type { IHttpRequest } from '@stoplight/prism-http';
import type { IncomingHttpHeaders } from 'node:http';
import type { Route } from './http/exchange.ts';
import { parseJson } from './parse-json.ts';

/** The request as Prism sees it; undefined where it says that its body is JSON, but it is none that can be read. */
export function describeRequest(
  request: { headers: IncomingHttpHeaders; body: unknown },
  route: Route,
): IHttpRequest | undefined {
  const body = readBody(request.headers['content-type'], request.body);
  if ('broken' in body) return undefined;
  return {
    method: route.operation.method,
    url: { path: route.path, query: readQuery(route) },
    headers: joinHeaders(request.headers),
    body: body.value,
  };
}

function readBody(contentType = '', body: unknown): { value: unknown } | { broken: true } {
  if (!Buffer.isBuffer(body) || body.length === 0) return { value: null };
  const text = body.toString('utf8');
  if (!/^application\/(.+\+)?json\b/i.test(contentType)) return { value: text };
  const value = parseJson(text);
  return value === undefined ? { broken: true } : { value };
}

function readQuery({ query }: Route): Record<string, string | string[]> {
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
