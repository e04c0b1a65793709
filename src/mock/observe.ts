import { performance } from 'node:perf_hooks';
import { withoutTokens, type Answered } from './answered.ts';
import type { Exchange, MockHandler } from './exchange.ts';

/** Tells of each request of the API when it has been answered, or its connection has ended. */
export function observe(tell: (answered: Answered) => void): MockHandler {
  return (request, response, next) => {
    const began = performance.now();
    const [path = ''] = request.originalUrl.split('?');
    response.once('close', () => {
      // A request that came to nothing has not got through all steps.
      const { route, clinic, clientId, tokenId, reason, fault }: Partial<Exchange> = response.locals;
      tell({
        method: request.method,
        path: withoutTokens(path),
        operationId: route?.operation.id,
        clinic: clinic?.id,
        clientId,
        tokenId,
        status: response.statusCode,
        reason,
        fault,
        milliseconds: performance.now() - began,
      });
    });
    return next();
  };
}
