import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { operationTable } from '../../generated/control/operations.ts';
import { Router } from '../../openapi/match.ts';
import { withClinicsPath } from '../clinics/account.ts';
import { jsonReply, sendReply, type Reply } from '../http/reply.ts';
import { isLoopback } from '../http/server.ts';
import { paths } from '../routing/paths.ts';
import { checkRequest, type ControlOperation, type ControlRequest } from './check-request.ts';
import { ControlError, statusOfCode } from './control-error.ts';

export type Handlers = { [Id in ControlOperation]: (request: ControlRequest<Id>) => unknown };

/** An answer that lasts as long as the client listens. */
export class Stream {
  readonly open: (request: Request, response: Response) => void;

  constructor(open: (request: Request, response: Response) => void) {
    this.open = open;
  }
}

/** A call of the control API that was answered. */
export interface Controlled {
  operation: ControlOperation;
  method: string;
  /** Without secrets, the query and the root of the control API. */
  path: string;
  status: number;
  /** The id of the sandbox, unless it is the mock's own world. */
  sandbox?: string;
}

/** Carries out a call, with its path parameters, query and body. */
export type Carry = (
  id: ControlOperation,
  path: Record<string, string>,
  query: URLSearchParams,
  body: string,
) => Promise<Reply | Stream>;

/**
 * The mock's own control API, as `openapi/control.yaml` describes it.
 * @param tell is told of each call of an operation.
 * @param carry carries out a call. Default: the handlers.
 */
export function control(
  handlers: Handlers,
  tell: (controlled: Controlled) => void,
  carry: Carry = (...call) => carryOut(handlers, ...call),
): RequestHandler[] {
  const router = new Router(Object.values(operationTable));
  const operations = Object.values(operationTable).map(({ method, path }) => `${method} ${paths.control}${path}`);

  const handle: RequestHandler = async (request, response) => {
    const [target = '', ...search] = request.originalUrl.split('?');
    const match = router.match(withClinicsPath(target, paths.control));
    const found = match?.get(request.method);
    if (!match) {
      return sendReply(response, jsonReply(404, { message: `The control API has no path ${target}.`, operations }));
    }
    if (!found) {
      const allowed = [...match.keys()].toSorted().join(', ');
      return sendReply(response, jsonReply(405, { message: `${target} takes only ${allowed}.` }, { Allow: allowed }));
    }
    const body = typeof request.body === 'string' ? request.body : '';
    const query = new URLSearchParams(search.join('?'));
    const answer = await carry(found.operation.id, found.parameters, query, body);
    const status = answer instanceof Stream ? 200 : answer.status;
    tell({ operation: found.operation.id, method: request.method, path: target.slice(paths.control.length), status });
    return answer instanceof Stream ? answer.open(request, response) : sendReply(response, answer);
  };

  return [express.text({ type: () => true, limit: 1024 * 1024 }), handle];
}

/** Carries out a call of the control API. */
export async function carryOut<Id extends ControlOperation>(
  handlers: Pick<Handlers, Id>,
  id: Id,
  path: Record<string, string>,
  query: URLSearchParams,
  body: string,
): Promise<Reply | Stream> {
  try {
    const answer = await handlers[id](checkRequest(id, path, query, body));
    if (answer instanceof Stream) return answer;
    const status = Number(operationTable[id].success);
    return answer === undefined ? { status, headers: {}, body: undefined } : jsonReply(status, answer);
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    return jsonReply(statusOfCode[error.code], { message: error.message });
  }
}

const ofOtherPage = 'The request comes from a web page of another origin.';

/** They show nothing secret: health checks of containers have no control token, and the console's page asks for it. */
const openPath = /^\/(?:health$|console(?:\/|$))/;

/**
 * Refuses requests of other web pages and machines. Origin and Sec-Fetch-Site reveal a page of another origin. The Host
 * header reveals DNS rebinding, which would let a page read the answers.
 */
export function guard(token: string | undefined): RequestHandler {
  return (request, response, next) => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    const refusal = whyForeign(request, token);
    if (refusal !== undefined) return sendReply(response, refused(refusal));
    if (token !== undefined && !openPath.test(request.path) && !presents(request, token))
      return sendReply(response, unauthorized);
    return next();
  };
}

/** Why a request is not one of this machine, or of a page of the mock itself; undefined if it is. */
export function whyForeign(
  { headers, headersDistinct }: Pick<IncomingMessage, 'headers' | 'headersDistinct'>,
  token: string | undefined,
): string | undefined {
  const { origin, 'sec-fetch-site': site = 'none' } = headers;
  const [host = '', ...others] = headersDistinct['host'] ?? [];
  const called = URL.canParse(`http://${host}`) && others.length === 0 ? new URL(`http://${host}`) : undefined;
  if (!called) return 'The Host header does not name one host.';
  if (token === undefined && !isLoopback(called.hostname)) {
    return `It is for this machine only, and was called as ${called.host}.`;
  }
  // Browsers send no Origin with an image, a script or a link.
  if (site !== 'none' && site !== 'same-origin') return ofOtherPage;
  const isOwn = origin === undefined || origin.replace(/^https:/, 'http:') === called.origin;
  return isOwn ? undefined : ofOtherPage;
}

function presents(request: Request, token: string): boolean {
  const presented = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1] ?? '';
  // Hashes have the same length, which the comparison in constant time needs.
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(presented), hash(token));
}

function refused(reason: string): Reply {
  return jsonReply(403, { message: `The control API refuses this request. ${reason}` });
}

const unauthorized = jsonReply(
  401,
  { message: 'The control API asks for the control token of this mock: Authorization: Bearer TOKEN.' },
  { 'WWW-Authenticate': 'Bearer realm="control"' },
);
