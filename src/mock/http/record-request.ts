import { performance } from 'node:perf_hooks';
import type { Answered } from '../state/journal.ts';
import type { Exchange, MockHandler } from './exchange.ts';
import { credentialsIn } from './redact.ts';
import type { Sandbox } from '../state/sandbox.ts';

/** Tells of each request of the API when it has been answered, or its connection has ended. */
export function observe(sandbox: Sandbox): MockHandler {
  return (request, response, next) => {
    const began = { ticks: performance.now(), time: sandbox.clock.now() };
    let told = false;
    const tell = (broken: true | undefined): void => {
      if (told) return;
      told = true;
      const [path = '', ...query] = request.originalUrl.split('?');
      // A request that came to nothing has not got through all steps.
      const exchange: Partial<Exchange> = response.locals;
      const { route, clinic, claimedClinic, clientId, tokenId, authentication, reason, fault } = exchange;
      const ended = performance.now();
      const retryAfter = Number(response.getHeader('retry-after'));
      const answered: Omit<Answered, 'violations'> = {
        method: request.method,
        path: isFixed(exchange) ? path : sandbox.keys.secrets.redact(path),
        operationId: route?.operation.id,
        clinic: clinic?.id ?? claimedClinic,
        clientId,
        tokenId,
        authentication,
        status: broken && !response.headersSent ? undefined : response.statusCode,
        reason,
        fault,
        broken,
        retryAfter: Number.isNaN(retryAfter) ? undefined : retryAfter,
        credentialsInQuery: query.length === 0 ? undefined : credentialsOf(sandbox, query.join('?')),
        origin: originOf(sandbox, request.headers.origin),
        milliseconds: ended - began.ticks,
      };
      const seen = {
        began: began.time,
        ended: sandbox.clock.now(),
        ticks: { began: began.ticks, ended },
        connection: request.socket,
      };
      // What a request violates is known when Prism is loaded; until then only tokens are given out.
      sandbox.answers.later(() => sandbox.record({ ...answered, violations: exchange.violations }, seen));
    };
    // `prefinish` comes before the first byte of the answer leaves, so that who has the answer finds the entry; `close`
    // alone comes where the answer never got so far.
    response.once('prefinish', () => tell(undefined));
    response.once('close', () => tell(true));
    return next();
  };
}

/** Whether the path holds nothing that the client made up: it has no parameters, or is the token URL of a clinic. */
function isFixed({ route, clinic }: Partial<Exchange>): boolean {
  if (!route) return false;
  return Object.keys(route.parameters).length === 0 || (route.operation.issuesTokens && clinic !== undefined);
}

function credentialsOf(sandbox: Sandbox, query: string): string[] | undefined {
  const names = credentialsIn(new URLSearchParams(query), sandbox.keys.secrets);
  return names.length === 0 ? undefined : names;
}

/** Characters of an `Origin` that are kept. */
const originLimit = 200;

function originOf(sandbox: Sandbox, origin: string | undefined): string | undefined {
  return origin === undefined ? undefined : sandbox.keys.secrets.redact(origin).slice(0, originLimit);
}
