import type { IHttpRequest } from '@stoplight/prism-http';
import type { MockHandler, Route } from './exchange.ts';
import { jsonReply } from './reply.ts';
import type { Sandbox } from './sandbox.ts';

/** Gives the answer of the clinic's fixture, or of the specification's example where the clinic has none. */
export function answer(sandbox: Sandbox): MockHandler {
  return async (request, response) => {
    const { route, clinic, send } = response.locals;
    const body = readBody(request.get('content-type'), request.body);
    if ('broken' in body) {
      return send(jsonReply(400, { message: 'The request says that its body is JSON, but it is not.' }));
    }
    const prismRequest: IHttpRequest = {
      method: route.operation.method,
      url: { path: route.path, query: readQuery(route) },
      headers: joinHeaders(request.headers),
      body: body.value,
    };
    return send(await sandbox.answers.usual(route.operation, clinic, prismRequest));
  };
}

function readBody(contentType = '', body: unknown): { value: unknown } | { broken: true } {
  if (!Buffer.isBuffer(body) || body.length === 0) return { value: null };
  const text = body.toString('utf8');
  if (!/^application\/(.+\+)?json\b/i.test(contentType)) return { value: text };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { broken: true };
  }
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
