import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import { guard } from '../control/router.ts';
import { paths } from '../routing/paths.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { deliver } from './deliver.ts';
import { failedAnswer } from './failure.ts';
import { FastPath } from './fast-path.ts';
import { requestHandler } from './handle.ts';
import { timer, unanswered } from './record.ts';
import { send } from './reply.ts';
import type { MockRequest } from './request.ts';
import type { Handle } from './server.ts';

/**
 * Carries the requests of a sandbox over HTTP.
 * @param control answers the control API.
 */
export function createHandle(sandbox: Sandbox, control: readonly RequestHandler[]): Handle {
  const fastPath = new FastPath(sandbox);
  const app = express();
  app.disable('x-powered-by');
  app.use(paths.control, guard(sandbox.controlToken), loaded(sandbox), ...control);
  app.use(serve(sandbox, fastPath));
  app.use(handleError);
  return (request, response) => {
    if (!fastPath.take(request, response)) app(request, response);
  };
}

/** Answers requests, and writes each into the journal before the first byte of its answer leaves. */
function serve(sandbox: Sandbox, fastPath: FastPath): RequestHandler {
  const handle = requestHandler(sandbox);
  return async (request, response) => {
    const end = timer(sandbox, request.socket);
    const { changes } = sandbox;
    const handled = await handle(readRequest(request, response));
    fastPath.keep(request, handled, changes);
    const { reply, record } = handled;
    if (response.closed) return end(unanswered(record));
    try {
      await deliver(response, reply, (broken = record.broken) => end(Object.assign(record, { broken })), sandbox);
    } catch (error) {
      // The header that could not be sent is among those that are set already.
      if (response.headersSent) throw error;
      for (const name of response.getHeaderNames()) response.removeHeader(name);
      const failed = failedAnswer(error).reply;
      end(Object.assign(record, { status: failed.status, retryAfter: undefined }));
      send(response, failed);
    }
  };
}

function readRequest(request: Request, response: Response): MockRequest {
  const [path = '', ...query] = request.url.split('?');
  return {
    method: request.method,
    path,
    query: new URLSearchParams(query.join('?')),
    headers: request.headers,
    prefer: request.get('prefer'),
    authorizations: request.headersDistinct['authorization'] ?? [],
    readBody: ({ issuesTokens }) =>
      new Promise((resolve, reject) => {
        const read = issuesTokens ? readTokenBody : readApiBody;
        read(request, response, (error: unknown) => {
          if (error !== undefined) reject(error);
          else resolve(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
        });
      }),
    closed: new Promise((resolve) => response.once('close', resolve)),
  };
}

/** Bytes that a request for a token may have. */
const readTokenBody = express.raw({ type: () => true, limit: 64 * 1024 });

/** Bytes that a request for any other operation may have. */
const readApiBody = express.raw({ type: () => true, limit: 1024 * 1024 });

/** Waits until Prism is loaded, which the control API takes for granted. */
function loaded({ answers }: Sandbox): RequestHandler {
  return async (_request, _response, next) => {
    await answers.load();
    return next();
  };
}

/** Answers a control request that could not be read. */
const handleError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) return next(error);
  return send(response, failedAnswer(error).reply);
};
