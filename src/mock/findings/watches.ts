import { keepNewest } from '../state/environment.ts';
import type { Answered } from '../state/journal.ts';

/** `info`: a setting of the mock provoked it; `warn`: it harms the service or will fail; `error`: it is forbidden. */
export type Severity = 'info' | 'warn' | 'error';

/** A request as the rules see it. */
export interface Seen extends Answered {
  id: number;
  /** When the request came and was answered: milliseconds since 1970 on the mock's clock. */
  began: number;
  ended: number;
  /** The same on a monotonic clock, fine enough to tell concurrent calls from successive ones. */
  ticks: { began: number; ended: number };
  /** The connection: one object, or name, for all of its requests. */
  connection: object | string;
  issuesTokens: boolean;
  /** What programs say they are: at most 200 characters. */
  userAgent: string | undefined;
  host: string | undefined;
  hasCredentials: boolean;
  /** Where the answer redirects to. */
  location: string | undefined;
  habits: readonly Habit[] | undefined;
  /** How often the clock was set, and a key changed, until then; no client can foresee either. */
  clockMoves: number;
  keyChanges: number;
}

/** What other token endpoints refuse or overlook in a token request. */
export type Habit = 'mixed-up-credentials' | 'misspelt-parameter' | 'basic-not-encoded';

export interface Sighting {
  /** The evidence, oldest first; the last request has the client and the operation. */
  requests: Seen[];
  /** Default: the rule's. */
  severity?: Severity;
}

export interface Watch {
  see: (request: Seen) => Sighting | undefined;
  /** What is certain because no other request came. @param now milliseconds since 1970, or Infinity at the end. */
  overdue?: (now: number, clockMoves: number) => Sighting[];
  /** What would be certain if no other request came at all. */
  waiting?: () => Sighting[];
  /** When `overdue` must be called next, in milliseconds since 1970. */
  due?: (clockMoves: number) => number;
}

/** A rule that a single request violates. */
export function each(isWrong: (request: Seen) => boolean): () => Watch {
  return () => ({ see: (request) => (isWrong(request) ? { requests: [request] } : undefined) });
}

/** Programs with one key that are told apart. The oldest is dropped. */
const watchedPrograms = 100;

/** The share of a token's lifetime below which renewing it is right. */
const share = 0.5;

export function watchTokenRequests(lifetime: number): Watch {
  /** Client to the last token request of each program that shares its key. */
  const last = new Map<string, Map<string, Seen>>();
  return {
    see: (request) => {
      const { clientId } = request;
      if (clientId === undefined) return undefined;
      const programs = last.get(clientId) ?? new Map<string, Seen>();
      last.set(clientId, programs);
      // After a refusal a client rightly asks for another token. What asks for tokens may have another name than what calls.
      if (!request.issuesTokens && (request.status === 401 || request.status === 403)) programs.clear();
      if (!request.issuesTokens || request.status !== 200) return undefined;
      const { userAgent = '' } = request;
      const before = programs.get(userAgent);
      keepNewest(programs, watchedPrograms, userAgent, request);
      const touched = before?.keyChanges !== request.keyChanges || before.clockMoves !== request.clockMoves;
      const age = before ? request.began - before.ended : Infinity;
      return before && !touched && age < lifetime * 1000 * share ? { requests: [before, request] } : undefined;
    },
  };
}

export function watchExpiredTokens(): Watch {
  /** Client to how often the clock had been set when it got its last token, and the id of a token that was refused. */
  const issued = new Map<string, number>();
  const refused = new Map<string, string>();
  return {
    see: (request) => {
      const { clientId = '', tokenId = '', reason, issuesTokens, clockMoves } = request;
      if (issuesTokens && request.status === 200) issued.set(clientId, clockMoves);
      if (reason !== 'expired_token') return undefined;
      const again = refused.get(clientId) === tokenId;
      refused.set(clientId, tokenId);
      // A client cannot know that the clock was moved, but after a 401 it knows that the token has expired.
      const provoked = !again && issued.get(clientId) !== clockMoves;
      return { requests: [request], ...(provoked ? { severity: 'info' as const } : {}) };
    },
  };
}

/** Milliseconds after a failure within which the same call counts as a retry. */
const retryWindow = 60_000;

export function watchUnavailable(lifetime: number): Watch {
  /** Client to the end of its last token, in milliseconds since 1970. */
  const tokenUntil = new Map<string, number>();
  /** Caller to the 503 that waits for a retry. */
  const waiting = new Map<string, Seen>();
  /** Caller to the end of its last 503: a retry that fails as well needs no further one. */
  const failed = new Map<string, number>();
  return {
    see: (request) => {
      const { clientId = '', issuesTokens, status, began, clockMoves } = request;
      if (issuesTokens && status === 200) tokenUntil.set(clientId, request.ended + lifetime * 1000);
      if (!issuesTokens && status === 401) tokenUntil.delete(clientId);
      if (waiting.size === 0 && failed.size === 0 && status !== 503) return undefined;
      const caller = callerOf(request);
      const open = waiting.get(caller);
      waiting.delete(caller);
      const isRetry = began - (failed.get(caller) ?? -Infinity) <= retryWindow;
      if (status === 503) {
        keepNewest(failed, watchedCalls, caller, retryUntil(request) - retryWindow);
        // A client with a valid token need not ask for the next one again: it has time.
        const hasTime = issuesTokens && began < (tokenUntil.get(clientId) ?? -Infinity);
        if (!isRetry && !hasTime) keepNewest(waiting, watchedCalls, caller, request);
      } else failed.delete(caller);
      return open?.clockMoves === clockMoves && began > retryUntil(open) ? { requests: [open] } : undefined;
    },
    overdue: (now, clockMoves) => {
      if (waiting.size === 0) return [];
      const late = [...waiting].filter(
        ([, open]) => now === Infinity || (open.clockMoves === clockMoves && now > retryUntil(open)),
      );
      for (const [caller] of late) waiting.delete(caller);
      return late.map(([, open]) => ({ requests: [open] }));
    },
    waiting: () => [...waiting.values()].map((open) => ({ requests: [open] })),
    due: (clockMoves) => {
      let due = Infinity;
      for (const open of waiting.values()) if (open.clockMoves === clockMoves) due = Math.min(due, retryUntil(open));
      return due;
    },
  };
}

function retryUntil({ ended, retryAfter = 0 }: Seen): number {
  return ended + retryAfter * 1000 + retryWindow;
}

/** Calls that are watched for retries, since paths and the names of programs may be any number. The oldest failure is dropped. */
const watchedCalls = 1000;

/** Greatest difference, in milliseconds, between a client's timer and the mock's. */
const tolerance = 50;

/**
 * How many successive pauses are evidence that there are none, and how long each may be, in milliseconds. Full jitter from
 * half a second on draws each row by chance once in ten thousand times, and a slow machine only needs more attempts.
 */
const none = [
  { count: 2, milliseconds: 5 },
  { count: 3, milliseconds: 45 },
  { count: 4, milliseconds: 140 },
  { count: 5, milliseconds: 320 },
] as const;
const mostPauses = 5;
/** Pauses grow if each is so many times the one before, however short they are. */
const growth = 1.5;

/** How many pauses show that they do not grow: fewer random ones may look alike. */
const enough = 3;

/** Pauses are alike if the longest is at most so many times the shortest plus so many milliseconds. */
const alike = { times: 1.2, milliseconds: 20 };

export function watchRetries(): Watch {
  /** Caller and path to the successive failed attempts; the latest failure is last. */
  const attempts = new Map<string, Seen[]>();
  return {
    see: (request) => {
      if (attempts.size === 0 && !isUnavailable(request)) return undefined;
      const call = `${callerOf(request)} ${request.path}`;
      const before = attempts.get(call);
      if (!before && !isUnavailable(request)) return undefined;
      const run = before && follows(before.at(-1), request) ? [...before, request].slice(-mostPauses - 1) : [request];
      attempts.delete(call);
      if (isUnavailable(request)) keepNewest(attempts, watchedCalls, call, run);
      const pauses = run.slice(1).map(({ began }, index) => began - (run[index]?.ended ?? 0));
      const told = run.at(-2)?.retryAfter;
      if (told !== undefined && (pauses.at(-1) ?? Infinity) < told * 1000 - tolerance) return { requests: run };
      if (run.some(({ retryAfter }) => retryAfter !== undefined)) return undefined;
      for (const { count, milliseconds } of none) {
        const last = pauses.slice(-count);
        const grows = count > 2 && last.every((pause, index) => pause >= (last[index - 1] ?? 0) * growth);
        if (last.length === count && !grows && last.every((pause) => pause <= milliseconds)) {
          return { requests: run.slice(-count - 1) };
        }
      }
      const last = pauses.slice(-enough);
      const areAlike = Math.max(...last) <= Math.min(...last) * alike.times + alike.milliseconds;
      return last.length === enough && areAlike ? { requests: run.slice(-enough - 1) } : undefined;
    },
  };
}

function isUnavailable({ status = 0 }: Seen): boolean {
  return status === 503 || status === 429;
}

/** Whether a request may be a retry of the one before: neither concurrent nor much later. */
function follows(before: Seen | undefined, request: Seen): boolean {
  if (!before || before.clockMoves !== request.clockMoves) return false;
  const pause = pauseBetween(before, request);
  return pause >= 0 && pause <= retryWindow + (before.retryAfter ?? 0) * 1000;
}

export function watchForbidden(): Watch {
  const forbidden = new Map<string, Seen>();
  return {
    see: (request) => {
      if (forbidden.size === 0 && request.status !== 403) return undefined;
      const caller = callerOf(request);
      const before = forbidden.get(caller);
      if (request.status === 403) keepNewest(forbidden, watchedCalls, caller, request);
      else forbidden.delete(caller);
      if (!before || before.keyChanges !== request.keyChanges) return undefined;
      // Concurrent calls are not retries of each other.
      const pause = pauseBetween(before, request);
      return pause >= 0 && pause <= retryWindow ? { requests: [before, request] } : undefined;
    },
  };
}

export function watchRedirects(): Watch {
  /** Target to the redirect that leads there. */
  const redirects = new Map<string, { from: Seen; host: string | undefined }>();
  return {
    see: (request) => {
      const { location, path, host, hasCredentials, began } = request;
      const found = hasCredentials ? redirects.get(path) : undefined;
      if (hasCredentials && location !== undefined) {
        const target = URL.parse(location, `http://${host ?? 'localhost'}${path}`);
        // In a sandbox, paths are without its prefix.
        const key = target?.pathname.replace(/^\/s\/[^/]+(?=\/)/, '');
        if (target && key !== undefined) keepNewest(redirects, watchedCalls, key, { from: request, host: target.host });
      }
      if (!found || found.host !== host || began - found.from.ended > retryWindow) return undefined;
      const isSameHost = host === found.from.host;
      // Rather a retry.
      if (isSameHost && found.from.path === path) return undefined;
      redirects.delete(path);
      // On the same host they are where they were before.
      return { requests: [found.from, request], severity: isSameHost ? 'info' : 'error' };
    },
  };
}

/** Identifies a caller and operation, to recognise retries. */
function callerOf({ clientId, clinic, operationId, userAgent = '' }: Seen): string {
  // No id has a line break.
  return `${clientId ?? clinic ?? ''}\n${operationId ?? ''}\n${userAgent}`;
}

/** Milliseconds within which a request on another connection may predate the answer. */
const atOnce = 20;

/** Milliseconds between two requests on the mock's clock; negative if they were or may have been concurrent. */
function pauseBetween(before: Seen, request: Seen): number {
  const pause = request.began - before.ended;
  const overlap = request.ticks.began < before.ticks.ended;
  return overlap || (pause < atOnce && request.connection !== before.connection) ? -1 : pause;
}
