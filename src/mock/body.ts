import express from 'express';
import type { MockHandler } from './http/exchange.ts';

/** Bytes that a request for a token may have. */
const tokenLimit = 64 * 1024;

/** Bytes that a request for any other operation may have. */
const apiLimit = 1024 * 1024;

/** Reads the request's body as it is, up to a limit. */
export function body(): MockHandler {
  const forTokens = express.raw({ type: () => true, limit: tokenLimit });
  const forApi = express.raw({ type: () => true, limit: apiLimit });
  return (request, response, next) => {
    const read = response.locals.route.operation.issuesTokens ? forTokens : forApi;
    return read(request, response, next);
  };
}
