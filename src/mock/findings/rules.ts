import type { Answered } from '../state/journal.ts';

/** `info`: the mock was made to provoke it; `warn`: it harms the service or will fail some day; `error`: it must not be. */
export type Severity = 'info' | 'warn' | 'error';

/** A request as the rules see it. */
export interface Seen extends Answered {
  /** That of its entry in the journal. */
  id: number;
  /** When the request came and when it was answered, on the mock's clock, in milliseconds since 1970. */
  began: number;
  ended: number;
  /** The same on a clock that nobody can set, fine enough to tell calls at the same time from calls in turn. */
  ticks: { began: number; ended: number };
  /** The connection on which the request came; the same object for all of one. */
  connection: object;
  /** Whether the operation issues tokens. */
  issuesTokens: boolean;
  /** How often the clock was set, and a key changed, until then: what a client cannot have foreseen. */
  clockMoves: number;
  keyChanges: number;
}

/** Requests that go against a rule. */
export interface Sighting {
  /** The evidence, oldest first. The last one tells the client and the operation. */
  requests: Seen[];
  /** Where it is another than the rule's. */
  severity?: Severity;
}

/** Looks at the requests of a sandbox, one after the other. */
export interface Watch {
  see: (request: Seen) => Sighting | undefined;
  /**
   * What has become certain because nothing more came.
   * @param now milliseconds since 1970; Infinity where nothing more will come.
   * @param clockMoves how often the clock has been set until now.
   */
  overdue?: (now: number, clockMoves: number) => Sighting[];
  /** After which time `overdue` has something to say, if nothing comes until then: milliseconds since 1970. */
  due?: (clockMoves: number) => number;
}

/** Something that an integration must not do, whatever the API. */
export interface Rule {
  id: string;
  severity: Severity;
  /** What was seen. */
  message: string;
  /** What to do instead. */
  remedy: string;
  /** Where it is said, beside what the specification says of its own. */
  source: string;
  /** @param lifetime of a token, in seconds. */
  begin: (lifetime: number) => Watch;
}

/** A watch that needs to know of nothing but the request itself. */
function each(isWrong: (request: Seen) => boolean): () => Watch {
  return () => ({ see: (request) => (isWrong(request) ? { requests: [request] } : undefined) });
}

/** Who called what: retries are told by it. */
function callerOf({ clientId, clinic, operationId }: Seen): string {
  // No id has a line break.
  return `${clientId ?? clinic ?? ''}\n${operationId ?? ''}`;
}

/** Milliseconds within which a request on another connection may have been sent before the answer was known. */
const atOnce = 20;

/** Milliseconds between two requests on the mock's clock; negative where they were, or may have been, sent together. */
function pauseBetween(before: Seen, request: Seen): number {
  const ticks = request.ticks.began - before.ticks.ended;
  const pause = request.began - before.ended;
  const together = ticks < 0 || (Math.max(ticks, pause) < atOnce && request.connection !== before.connection);
  return together ? -1 : pause;
}

/** Milliseconds after a failure within which another call of the same is taken for a retry. */
const retryWindow = 60_000;

const credentialsInQuery: Rule = {
  id: 'credentials-in-query',
  severity: 'error',
  message: 'A secret or a token stands in the query of a URL, where logs and proxies keep it.',
  remedy: 'Send the secret by HTTP Basic and the token in the Authorization header.',
  source: 'RFC 6749 section 2.3.1, RFC 6750 section 2.3',
  begin: each(({ credentialsInQuery: names }) => names !== undefined),
};

const browserOrigin: Rule = {
  id: 'browser-origin',
  severity: 'error',
  message: 'The request has the Origin of a web page, so credentials are in code that runs in a browser.',
  remedy: 'Call the API from a server, and let the page call that server.',
  source: 'RFC 6749 section 2.1: only a confidential client can keep a secret',
  begin: each(({ origin }) => origin !== undefined),
};

const secretInForm: Rule = {
  id: 'secret-in-form',
  severity: 'warn',
  message: 'The client secret stands in the form of a token request.',
  remedy: 'Send id and secret by HTTP Basic.',
  source: 'RFC 6749 section 2.3.1',
  begin: each(({ authentication }) => authentication === 'form'),
};

const clinicInPath: Rule = {
  id: 'clinic-in-path',
  severity: 'error',
  message: 'The path of an operation was called with a segment too many, most likely the id of a clinic.',
  remedy: 'Leave it out: the clinic follows from the bearer token.',
  source: 'the paths of the specification',
  begin: each(({ reason }) => reason === 'clinic_in_path'),
};

/** The share of a token's life that may be left when the next one is asked for. */
const share = 0.5;

const tokenNotCached: Rule = {
  id: 'token-not-cached',
  severity: 'warn',
  message: 'A token was asked for while the last one of the same key was good for more than half of its life.',
  remedy: 'Keep the token, share it between calls, and ask again only shortly before its end.',
  source: 'RFC 6749 section 5.1 (expires_in)',
  begin: (lifetime) => {
    const last = new Map<string, Seen>();
    return {
      see: (request) => {
        const { clientId } = request;
        if (clientId === undefined) return undefined;
        // After a refusal a client is right to ask for another one.
        if (!request.issuesTokens && (request.status === 401 || request.status === 403)) last.delete(clientId);
        if (!request.issuesTokens || request.status !== 200) return undefined;
        const before = last.get(clientId);
        last.set(clientId, request);
        const touched = before?.keyChanges !== request.keyChanges || before.clockMoves !== request.clockMoves;
        const age = before ? request.began - before.ended : Infinity;
        return before && !touched && age < lifetime * 1000 * share ? { requests: [before, request] } : undefined;
      },
    };
  },
};

const expiredTokenUsed: Rule = {
  id: 'expired-token-used',
  severity: 'warn',
  message: 'A token was used after its end.',
  remedy:
    "Renew it shortly before expires_in has passed. In a test that moves the mock's clock, give the client its time.",
  source: 'RFC 6749 section 5.1 (expires_in), RFC 6750 section 3.1 (invalid_token)',
  begin: () => {
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
        // A client cannot know that the clock was moved, but it can know what it was told by a 401.
        const provoked = !again && issued.get(clientId) !== clockMoves;
        return { requests: [request], ...(provoked ? { severity: 'info' as const } : {}) };
      },
    };
  },
};

/** Until when the clients have a token, told from the requests of each. */
class TokensInUse {
  readonly #lifetime: number;
  /** Client to the end of the token that it was given last: milliseconds since 1970. */
  readonly #until = new Map<string, number>();

  /** @param lifetime of a token, in seconds. */
  constructor(lifetime: number) {
    this.#lifetime = lifetime;
  }

  see({ clientId, issuesTokens, status, ended }: Seen): void {
    if (clientId === undefined) return;
    if (issuesTokens && status === 200) this.#until.set(clientId, ended + this.#lifetime * 1000);
    // A client that was told that its token is no good has none.
    if (!issuesTokens && status === 401) this.#until.delete(clientId);
  }

  /** Whether the client had a good token when it sent this request. */
  has({ clientId = '', began }: Seen): boolean {
    return began < (this.#until.get(clientId) ?? -Infinity);
  }
}

const unavailableNotRetried: Rule = {
  id: 'unavailable-not-retried',
  severity: 'warn',
  message: 'A call was answered with 503 and not tried again within a minute.',
  remedy: 'Retry with growing, random pauses, and give up after some attempts.',
  source: 'RFC 9110 section 15.6.4 (503)',
  begin: (lifetime) => {
    const tokens = new TokensInUse(lifetime);
    /** Caller to the 503 that waits for a retry. */
    const waiting = new Map<string, Seen>();
    /** Caller to the end of its last 503: a retry that fails as well needs no further one. */
    const failed = new Map<string, number>();
    return {
      see: (request) => {
        tokens.see(request);
        if (waiting.size === 0 && failed.size === 0 && request.status !== 503) return undefined;
        const caller = callerOf(request);
        const open = waiting.get(caller);
        waiting.delete(caller);
        const isRetry = request.began - (failed.get(caller) ?? -Infinity) <= retryWindow;
        if (request.status === 503) {
          failed.set(caller, until(request) - retryWindow);
          // Who still has a good token need not ask for the next one again: there is time for that.
          if (!isRetry && !(request.issuesTokens && tokens.has(request))) waiting.set(caller, request);
        } else failed.delete(caller);
        const late = open?.clockMoves === request.clockMoves && request.began > until(open);
        return late ? { requests: [open] } : undefined;
      },
      overdue: (now, clockMoves) => {
        if (waiting.size === 0) return [];
        const late = [...waiting].filter(
          ([, open]) => now === Infinity || (open.clockMoves === clockMoves && now > until(open)),
        );
        for (const [caller] of late) waiting.delete(caller);
        return late.map(([, open]) => ({ requests: [open] }));
      },
      due: (clockMoves) => {
        if (waiting.size === 0) return Infinity;
        return Math.min(...[...waiting.values()].filter((open) => open.clockMoves === clockMoves).map(until));
      },
    };
  },
};

function until({ ended, retryAfter = 0 }: Seen): number {
  return ended + retryAfter * 1000 + retryWindow;
}

/** How many pauses are needed to say that they do not grow: with fewer, random ones may look alike. */
const enough = 3;

/** A pause of at most so many milliseconds is none, and two of these are enough: chance hardly draws them. */
const none = { milliseconds: 5, enough: 2 };

/** Pauses are alike if the longest is at most this many times the shortest, and this many milliseconds. */
const alike = { times: 1.2, milliseconds: 20 };

const retriedWithoutBackoff: Rule = {
  id: 'retried-without-backoff',
  severity: 'warn',
  message: 'A call that failed was tried again before Retry-After, or more than once without growing pauses.',
  remedy: 'Wait as long as Retry-After says; without it, let the pauses grow exponentially, with some chance in them.',
  source: 'RFC 9110 section 10.2.3 (Retry-After) and section 15.6.4 (503)',
  begin: () => {
    /** Caller and path to the attempts that failed one after the other. */
    const attempts = new Map<string, Seen[]>();
    return {
      see: (request) => {
        if (attempts.size === 0 && !isUnavailable(request)) return undefined;
        const caller = `${callerOf(request)} ${request.path}`;
        const before = attempts.get(caller) ?? [];
        if (before.length === 0 && !isUnavailable(request)) return undefined;
        const run = follows(before.at(-1), request) ? [...before, request].slice(-enough - 1) : [request];
        if (isUnavailable(request)) attempts.set(caller, run);
        else attempts.delete(caller);
        if (comesEarly(run)) return { requests: run };
        if (run.some(({ retryAfter }) => retryAfter !== undefined)) return undefined;
        if (hasNoPauses(run)) return { requests: run.slice(-none.enough - 1) };
        return doesNotGrow(run) ? { requests: run } : undefined;
      },
    };
  },
};

function isUnavailable({ status = 0 }: Seen): boolean {
  return status === 503 || status === 429;
}

/** Whether a request may be a retry of the one before: not under way at the same time, and not much later. */
function follows(before: Seen | undefined, request: Seen): boolean {
  if (!before || before.clockMoves !== request.clockMoves) return false;
  const pause = pauseBetween(before, request);
  return pause >= 0 && pause <= retryWindow + (before.retryAfter ?? 0) * 1000;
}

function pausesOf(run: Seen[]): number[] {
  return run.slice(1).map((request, index) => request.began - (run[index]?.ended ?? 0));
}

/** A client's timer and ours may differ by a little. */
const tolerance = 50;

function comesEarly(run: Seen[]): boolean {
  const told = run.at(-2)?.retryAfter;
  const pause = pausesOf(run).at(-1);
  return told !== undefined && pause !== undefined && pause < told * 1000 - tolerance;
}

function hasNoPauses(run: Seen[]): boolean {
  const pauses = pausesOf(run).slice(-none.enough);
  return pauses.length === none.enough && pauses.every((pause) => pause <= none.milliseconds);
}

function doesNotGrow(run: Seen[]): boolean {
  const pauses = pausesOf(run);
  if (pauses.length < enough) return false;
  return Math.max(...pauses) <= Math.min(...pauses) * alike.times + alike.milliseconds;
}

const retriedAfterForbidden: Rule = {
  id: 'retried-after-forbidden',
  severity: 'warn',
  message: 'A call was answered with 403 and tried again within a minute.',
  remedy: 'Do not retry: the key was revoked or has expired, and only a person can give a new one.',
  source: 'RFC 9110 section 15.5.4 (403)',
  begin: () => {
    const forbidden = new Map<string, Seen>();
    return {
      see: (request) => {
        if (forbidden.size === 0 && request.status !== 403) return undefined;
        const caller = callerOf(request);
        const before = forbidden.get(caller);
        if (request.status === 403) forbidden.set(caller, request);
        else forbidden.delete(caller);
        if (!before || before.keyChanges !== request.keyChanges) return undefined;
        // Calls that were under way at the same time are no retries of each other.
        const pause = pauseBetween(before, request);
        return pause >= 0 && pause <= retryWindow ? { requests: [before, request] } : undefined;
      },
    };
  },
};

/** What is looked for. */
export const rules: readonly Rule[] = [
  credentialsInQuery,
  browserOrigin,
  secretInForm,
  clinicInPath,
  tokenNotCached,
  expiredTokenUsed,
  unavailableNotRetried,
  retriedWithoutBackoff,
  retriedAfterForbidden,
];
