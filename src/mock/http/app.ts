import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { guard } from '../control/router.ts';
import { paths } from '../routing/paths.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { leadToConsole, serveConsole } from './console.ts';
import { FastPath } from './fast-path.ts';
import { failedAnswer, requestHandler } from './handle.ts';
import { toUnanswered, timer } from './record.ts';
import { deliver, requestFrom } from './exchange.ts';
import { sendReply } from './reply.ts';
import { serveShared, takeShared, type Shared } from './shared.ts';
import type { Handle } from './server.ts';

/** Serves a sandbox over HTTP. @param control answers the control API. @param shared if replicas share its state. */
export function createHandle(sandbox: Sandbox, control: readonly RequestHandler[], shared?: Shared): Handle {
  const fastPath = new FastPath(sandbox);
  const load: RequestHandler = async (_request, _response, next) => {
    await sandbox.answers.load();
    return next();
  };
  const app = express();
  app.disable('x-powered-by');
  app.use(`${paths.control}/photos`, sandbox.photos);
  app.use(paths.control, guard(sandbox.controlToken), serveConsole, load, ...control);
  app.use(shared ? serveShared(sandbox, fastPath, shared) : serve(sandbox, fastPath));
  app.use(handleError);
  if (shared) {
    return (request, response) => {
      if (!leadToConsole(sandbox, request, response) && !takeShared(sandbox, fastPath, shared, request, response))
        app(request, response);
    };
  }
  return (request, response) => {
    if (!fastPath.take(request, response) && !leadToConsole(sandbox, request, response)) app(request, response);
  };
}

/** Answers requests, and writes each into the journal before the first byte of its answer leaves. */
function serve(sandbox: Sandbox, fastPath: FastPath): RequestHandler {
  const handle = requestHandler(sandbox);
  return async (request, response) => {
    const end = timer(sandbox, request);
    const { changes } = sandbox;
    const handled = await handle(requestFrom(sandbox, request, response));
    fastPath.keep(request, handled, changes);
    const { reply, record } = handled;
    if (response.closed) return end(toUnanswered(record));
    try {
      await deliver(
        response,
        reply,
        (broken = record.broken) => end(Object.assign(record, { broken }), handled),
        sandbox,
      );
    } catch (error) {
      // The invalid header is among those that are set already.
      if (response.headersSent) throw error;
      for (const name of response.getHeaderNames()) response.removeHeader(name);
      const failed = failedAnswer(error).reply;
      end(Object.assign(record, { status: failed.status, reason: 'defect' as const, retryAfter: undefined }));
      sendReply(response, failed);
    }
  };
}

const handleError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) return next(error);
  return sendReply(response, failedAnswer(error).reply);
};
