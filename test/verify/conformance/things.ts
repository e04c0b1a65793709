// A provider of things.yaml that does everything as described, and the wrong things that it may be told to do.
import type { ServerResponse } from 'node:http';
import { parseJson, parseObject } from '../../../src/util/json.ts';
import { json, serve, type RunningProvider, type Seen } from '../provider/support.ts';

/** Each is one thing that the provider does wrong. */
export interface Quirks {
  token?: object;
  tokenHeaders?: Record<string, string>;
  things?: unknown;
  status?: number;
  total?: string | null;
  ids?: string;
  type?: string;
  text?: string;
  refusal?: object;
  takesNoToken?: true;
  takesGarbage?: true;
  takesAltered?: true;
  takesExpired?: true;
  takesAnyScope?: true;
  takesAnyClient?: true;
  takesNoClient?: true;
  takesAnyGrant?: true;
  refusesClients?: number;
  takesAnyLimit?: true;
  takesAnyTenant?: true;
  takesNoTenant?: true;
  takesAnyBody?: true;
  takesAnyType?: true;
  refusesWith?: number;
  failsOnWrong?: true;
  methods?: number;
  allow?: string;
}

const basic = `Basic ${Buffer.from('client:secret').toString('base64')}`;
const expired = 'header.expired.signature';
const tokenOf = (scope: string): string => `header.${Buffer.from(scope).toString('base64url')}.signature`;

/** Serves things. Its provider states are set at `/states`. */
export function serveThings(quirks: Quirks = {}): Promise<RunningProvider> {
  return serve((request, response) => {
    const { pathname, searchParams } = new URL(request.path, 'http://host');
    if (pathname === '/states') return changeState(request, response);
    if (pathname === '/token') return giveToken(request, response, quirks);
    if (pathname !== '/v1/things') return json(response, 404, {});
    if (request.method !== 'GET' && request.method !== 'POST') {
      const { methods = 405, allow = 'GET, POST' } = quirks;
      return json(response, methods, {}, { Allow: allow });
    }
    const refused = refuse(request, quirks);
    if (refused !== undefined) return json(response, refused, quirks.refusal ?? { message: 'Refused.' });
    if (isWrong(request, searchParams, quirks))
      return json(response, quirks.failsOnWrong ? 500 : (quirks.refusesWith ?? 400), {});
    if (request.method === 'POST') return void response.writeHead(201).end();
    const { status = 200, things = [{ name: 'One', size: 1 }], total = '1', type = 'application/json' } = quirks;
    const { ids = '1, 2' } = quirks;
    response.writeHead(status, { 'Content-Type': type, ...(total === null ? {} : { 'X-Total': total }), 'X-Ids': ids });
    return void response.end(quirks.text ?? JSON.stringify(things));
  });
}

function changeState({ body }: Seen, response: ServerResponse): void {
  const { state } = parseObject(body) ?? {};
  json(response, 200, state === 'a key' ? { basic, tokenPath: '/token' } : { accessToken: expired });
}

function giveToken({ method, headers, body }: Seen, response: ServerResponse, quirks: Quirks): void {
  const { authorization, 'content-type': type = '' } = headers;
  const form = new URLSearchParams(body);
  if (method !== 'POST') return json(response, 405, {}, { Allow: 'POST' });
  if (quirks.refusesClients !== undefined) return json(response, quirks.refusesClients, {});
  const client = authorization === undefined ? quirks.takesNoClient : authorization === basic || quirks.takesAnyClient;
  if (!client) return json(response, 401, {});
  const isForm = type === 'application/x-www-form-urlencoded' && form.get('grant_type') === 'client_credentials';
  if (!isForm && !quirks.takesAnyGrant) return json(response, 400, {});
  const token = { access_token: tokenOf(form.get('scope') ?? '') };
  return json(response, 200, quirks.token ?? token, { 'Cache-Control': 'no-store', ...quirks.tokenHeaders });
}

/** The status of a refused token. */
function refuse({ method, headers }: Seen, quirks: Quirks): number | undefined {
  const token = headers.authorization?.replace(/^Bearer /, '');
  if (token === undefined) return quirks.takesNoToken ? undefined : 401;
  if (token === expired) return quirks.takesExpired ? undefined : 401;
  const [, claims = '', signature] = token.split('.');
  if (signature === undefined) return quirks.takesGarbage ? undefined : 401;
  if (signature !== 'signature') return quirks.takesAltered ? undefined : 401;
  const scopes = Buffer.from(claims, 'base64url').toString().split(' ');
  const needed = method === 'GET' ? 'things:read' : 'things:write';
  return scopes.includes(needed) || quirks.takesAnyScope ? undefined : 403;
}

function isWrong({ method, headers, body }: Seen, query: URLSearchParams, quirks: Quirks): boolean {
  if (method === 'GET') {
    const tenant = headers['x-tenant'];
    const limit = query.get('limit') ?? '5';
    if (tenant === undefined) return !quirks.takesNoTenant;
    if (!/^[a-z]{3}$/.test(String(tenant))) return !quirks.takesAnyTenant;
    return !/^(10|[1-9])$/.test(limit) && !quirks.takesAnyLimit;
  }
  if (headers['content-type'] !== 'application/json') return !quirks.takesAnyType;
  return !isThing(parseJson(body)) && !quirks.takesAnyBody;
}

function isThing(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { name, size = null, ...others }: Partial<Record<string, unknown>> = { ...value };
  const named = typeof name === 'string' && name.length > 0;
  return named && (size === null || Number.isInteger(size)) && Object.keys(others).length === 0;
}
