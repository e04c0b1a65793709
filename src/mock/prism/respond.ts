import type { IncomingHttpHeaders } from 'node:http';
import type { IHttpRequest } from '@stoplight/prism-http';
import type { Operation } from '../../openapi/operations.ts';
import { exampleNames, successStatus } from '../../openapi/responses.ts';
import { noSuch } from '../../util/did-you-mean.ts';
import { parseJson } from '../../util/json.ts';
import { isJson } from '../../util/media-type.ts';
import type { MockHandler, Route } from '../http/exchange.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { readPreference, type Preference } from './preference.ts';

/**
 * Gives the answer of the clinic's fixture, or of the specification's example where the clinic has none, unless the
 * request prefers another of the documented answers.
 */
export function answer(sandbox: Sandbox): MockHandler {
  return async (request, response) => {
    const { route, clinic, described, violations, send } = response.locals;
    if (!described) {
      return send(
        jsonReply(400, {
          message: 'The body of the request is not what its Content-Type says, or is nested too deeply.',
        }),
      );
    }
    const preference = readPreference(request.get('prefer'));
    if (!preference) return send(await sandbox.answers.usual(route.operation, clinic, described, !violations));
    response.locals.fault ??= 'prefer';
    const { operation } = route;
    const missing = missingExample(sandbox, operation, preference);
    return send(missing ?? (await sandbox.answers.preferred(operation, clinic, described, preference)));
  };
}

/**
 * Holds the request against the specification, for the journal; the answer is the business of later steps. Who asks for a
 * token does not wait for Prism to be loaded.
 */
export function validate(sandbox: Sandbox): MockHandler {
  const { answers } = sandbox;
  return async (request, response, next) => {
    const { route } = response.locals;
    const check = (): void => {
      const described = describeRequest(request, route);
      const found = described && answers.violations(route.operation, described);
      if (found) response.locals.described = described;
      // A violation may name what the client sent.
      const shown = (found ?? [unreadable]).map((each) => sandbox.keys.secrets.redact(each));
      if (shown.length > 0) response.locals.violations = shown;
    };
    if (route.operation.issuesTokens) answers.later(check);
    else {
      await answers.load();
      check();
    }
    return next();
  };
}

const unreadable = 'body: not what the request says that it is';

/** The request as Prism sees it; undefined where it says that its body is JSON, but it is none that can be read. */
function describeRequest(
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
  if (!isJson(contentType)) return { value: text };
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

/**
 * The answer to a request that prefers an example which its status does not have, with those that it has: Prism itself
 * would answer with 500. Undefined where there is nothing to complain of.
 */
export function missingExample(
  { api }: Sandbox,
  operation: Operation,
  { code, example }: Preference,
): Reply | undefined {
  const status = code === undefined ? successStatus(operation) : String(code);
  if (example === undefined || status === undefined || !operation.statuses.includes(status)) return undefined;
  const known = exampleNames(api.document, operation, status);
  if (known.includes(example)) return undefined;
  return jsonReply(404, { message: noSuch('example', `${example} of ${status}`, known) });
}
