import type { Operation } from '../../openapi/operations.ts';
import type { Clock } from '../state/clock.ts';
import type { Random } from '../../util/random.ts';
import { ControlError } from '../control/control-error.ts';
import type { Memory } from '../state/memory.ts';
import { keepNewest } from '../state/environment.ts';

export interface SetFault extends Fault {
  id: string;
}

interface ActiveFault {
  fault: SetFault;
  left: number;
  until: number;
  characters: number;
  /** Of a limit: the requests that may still come, and when that was worked out. */
  free: number;
  countedAt: number;
}

export class Faults {
  #faults: ActiveFault[] = [];
  /** What was set, also before: a fault may be used up before its answer is told. */
  readonly #known = new Map<string, KnownFault>();
  readonly #clock: Clock;
  readonly #randomAfter: (drawn: number) => Random;
  #random: Random;
  #drawn = 0;
  readonly #memory: Memory;
  #made = 0;
  /** How often a fault was added. */
  changes = 0;

  /** @param randomAfter gives the random numbers that come after so many. */
  constructor(clock: Clock, randomAfter: (drawn: number) => Random, memory: Memory) {
    this.#memory = memory;
    this.#clock = clock;
    this.#randomAfter = randomAfter;
    this.#random = randomAfter(0);
  }

  get none(): boolean {
    return this.#faults.length === 0;
  }

  /** @throws ControlError `too_many` if there are too many, or they are too large. */
  add(fault: Fault): SetFault {
    this.#forget();
    if (this.#faults.length >= mostFaults)
      throw new ControlError('too_many', `There are ${mostFaults} faults already; clear some.`);
    const characters = JSON.stringify(fault).length;
    this.#memory.take(characters);
    this.#made += 1;
    this.changes += 1;
    const set = { ...fault, id: `fault-${this.#made}` };
    const until = fault.seconds === undefined ? Infinity : this.#clock.now() + fault.seconds * 1000;
    keepNewest(this.#known, mostKnown, set.id, { effect: describeFault(set), kind: kindOf(set) });
    const free = fault.limit?.requests ?? 0;
    const countedAt = this.#clock.now();
    this.#faults.push({ fault: set, left: fault.count ?? Infinity, until, characters, free, countedAt });
    return set;
  }

  list(): SetFault[] {
    this.#forget();
    return this.#faults.map(({ fault, left }) => (left === Infinity ? fault : { ...fault, count: left }));
  }

  /** What the fault of an id does, also once it is used up. */
  known(id: string): KnownFault | undefined {
    return this.#known.get(id);
  }

  /** Removes one fault, or all. False if none has the id. */
  clear(id?: string): boolean {
    const before = this.#faults.length;
    this.#keep(({ fault }) => id !== undefined && fault.id !== id);
    return id === undefined || this.#faults.length < before;
  }

  /** The first fault that strikes a request; it counts as struck, and its delay is drawn. */
  strike(
    { id, issuesTokens }: Pick<Operation, 'id' | 'issuesTokens'>,
    clinic: string | undefined,
  ): SetFault | undefined {
    this.#forget();
    const struck = this.#faults.find((active) => {
      const { fault } = active;
      return (
        (fault.operationId === undefined || fault.operationId === id) &&
        (fault.expiresIn === undefined || issuesTokens) &&
        (fault.clinic === undefined || fault.clinic === clinic) &&
        (fault.probability === undefined || this.#draw() < fault.probability) &&
        this.#exceeds(active)
      );
    });
    if (!struck) return undefined;
    struck.left -= 1;
    const fault = withRetryAfter(struck);
    const { delay } = fault;
    return delay ? { ...fault, delay: { milliseconds: drawDelay(delay, () => this.#draw()) } } : fault;
  }

  /** What strikes have changed so far. */
  get struck(): Struck {
    this.#forget();
    const active = this.#faults.map(({ fault, left, free, countedAt }): Struck['active'][number] => {
      return [fault.id, left === Infinity ? null : left, free, countedAt];
    });
    return { drawn: this.#drawn, active };
  }

  /** Goes on as if the same strikes had been here. */
  set struck({ drawn, active }: Struck) {
    this.#drawn = drawn;
    this.#random = this.#randomAfter(drawn);
    this.#keep(({ fault }) => active.some(([id]) => id === fault.id));
    for (const [id, left, free, countedAt] of active) {
      const found = this.#faults.find(({ fault }) => fault.id === id);
      if (found) Object.assign(found, { left: left ?? Infinity, free, countedAt });
    }
  }

  /** Whether the next strike of an operation may use a fault up. */
  isNearEndFor(operation: string): boolean {
    return this.#faults.some(({ fault: { operationId = operation }, left }) => left === 1 && operationId === operation);
  }

  #draw(): number {
    this.#drawn += 1;
    return this.#random();
  }

  /** Whether a strike changes nothing here: no fault of the operation counts, or depends on chance. */
  isConstantFor({ id }: Pick<Operation, 'id'>): boolean {
    const isOf = ({ operationId = id }: Fault): boolean => operationId === id;
    const isConstant = ({ count, probability, limit, delay = { milliseconds: 0 } }: Fault): boolean =>
      [count, probability, limit].every((each) => each === undefined) && 'milliseconds' in delay;
    return this.hasNoneEnded && this.#faults.every(({ fault }) => !isOf(fault) || isConstant(fault));
  }

  /** Whether there is none that is used up or over. */
  get hasNoneEnded(): boolean {
    const now = this.#clock.now();
    return this.#faults.every(({ left, until }) => left > 0 && now < until);
  }

  /** Whether a request is beyond the limit of a fault; otherwise it counts. What was used refills evenly. */
  #exceeds(active: ActiveFault): boolean {
    const { limit } = active.fault;
    if (!limit) return true;
    const now = this.#clock.now();
    const passed = Math.max(0, now - active.countedAt) / 1000;
    active.free = Math.min(limit.requests, active.free + (passed * limit.requests) / limit.seconds);
    active.countedAt = now;
    if (active.free < 1 - tiny) return true;
    active.free -= 1;
    return false;
  }

  #forget(): void {
    const now = this.#clock.now();
    if (this.#faults.length > 0) this.#keep(({ left, until }) => left > 0 && now < until);
  }

  #keep(isKept: (fault: ActiveFault) => boolean): void {
    const kept = this.#faults.filter(isKept);
    if (kept.length === this.#faults.length) return;
    for (const each of this.#faults) if (!isKept(each)) this.#memory.take(-each.characters);
    this.#faults = kept;
  }
}

/** What strikes have changed. */
export interface Struck {
  /** How many random numbers they drew. */
  drawn: number;
  /** The faults that are left: how often each strikes yet (null for always), and what its limit allows, since when. */
  active: readonly [id: string, left: number | null, free: number, countedAt: number][];
}

export interface KnownFault {
  /** In a few words. */
  effect: string;
  kind: FaultKind;
}

/** What adding fractions may miss. */
const tiny = 1e-9;

/** The fault with the seconds until its limit allows a request again, unless it has a Retry-After. */
function withRetryAfter({ fault, free }: ActiveFault): SetFault {
  const { limit, headers = {} } = fault;
  if (!limit || Object.keys(headers).some((name) => name.toLowerCase() === 'retry-after')) return fault;
  const seconds = Math.max(1, Math.ceil(((1 - free) * limit.seconds) / limit.requests - tiny));
  return { ...fault, headers: { 'Retry-After': String(seconds), ...headers } };
}

/** Milliseconds; the control API takes no longer delay. */
const longestDelay = 600_000;

function drawDelay(delay: Delay, random: Random): number {
  if ('milliseconds' in delay) return delay.milliseconds;
  if ('from' in delay) return delay.from + (delay.to - delay.from) * random();
  // Box and Muller: a number of the standard normal distribution.
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  // A timer of more than 24.8 days ends at once.
  return Math.min(delay.median * Math.exp(delay.sigma * normal), longestDelay);
}

const mostKnown = 1000;
const mostFaults = 1000;

/** A delay in milliseconds: fixed, evenly spread between two bounds, or log-normal as latencies of services are. */
export type Delay = { milliseconds: number } | { from: number; to: number } | { median: number; sigma: number };

/** How an answer is delivered: broken, or in a way that programs must take. */
export type Delivery = 'reset' | 'close' | 'truncate' | 'garbage' | 'slow' | 'chunked';

/** A simulated failure: what goes wrong, for which requests, and how often. */
export interface Fault {
  /** Default: every operation. */
  operationId?: string | undefined;
  /** Default: every clinic. */
  clinic?: string | undefined;
  /** How many requests it strikes. Default: all. */
  count?: number | undefined;
  /** The share of the requests that it strikes, from 0 to 1. Default 1. */
  probability?: number | undefined;
  /** How long it lasts, in seconds of the mock's clock. Default: until it is cleared. */
  seconds?: number | undefined;
  /** Strikes only what exceeds so many requests in so many seconds of the mock's clock, with the `Retry-After`. */
  limit?: { requests: number; seconds: number } | undefined;
  delay?: Delay | undefined;
  /** The status of the answer, with the body that the specification documents for it unless `body` is given. */
  status?: number | undefined;
  /** The name of a documented example of the status. */
  example?: string | undefined;
  headers?: Record<string, string> | undefined;
  body?: unknown;
  /** How it is delivered. */
  delivery?: Delivery | undefined;
  /** A `Content-Type` other than the body's. */
  contentType?: string | undefined;
  /** A wrong token lifetime: seconds, a text, or null for none at all. Strikes token requests only. */
  expiresIn?: number | string | null | undefined;
}

const deliveries: Readonly<Record<Delivery, string>> = {
  reset: 'connection reset',
  close: 'connection closed',
  truncate: 'body truncated',
  garbage: 'body of random bytes',
  slow: 'body sent slowly',
  chunked: 'body sent in chunks',
};

/** What clients see of a fault, for which they have to do the same. */
export type FaultKind =
  | Delivery
  | 'unauthorized'
  | 'forbidden'
  | 'too_many_requests'
  | 'unavailable'
  | 'redirect'
  | 'status'
  | 'body'
  | 'content_type'
  | 'expires_in'
  | 'headers'
  | 'delay';

const kindOfStatus: Readonly<Record<number, FaultKind>> = {
  401: 'unauthorized',
  403: 'forbidden',
  429: 'too_many_requests',
  503: 'unavailable',
};

/** Of several effects, that which clients see first. */
function kindOf({ delivery, status, body, contentType, expiresIn, headers }: Fault): FaultKind {
  if (delivery !== undefined) return delivery;
  if (status !== undefined) return kindOfStatus[status] ?? (status >= 300 && status < 400 ? 'redirect' : 'status');
  if (body !== undefined) return 'body';
  if (contentType !== undefined) return 'content_type';
  if (expiresIn !== undefined) return 'expires_in';
  return headers === undefined ? 'delay' : 'headers';
}

/** What a fault does, in a few words, without any body or value of a header: `delay 200 ms, status 503`. */
export function describeFault({
  limit,
  delay,
  status,
  example,
  headers = {},
  body,
  contentType,
  delivery,
  expiresIn,
}: Fault): string {
  const effects = [
    delay && `delay ${describeDelay(delay)} ms`,
    status !== undefined && `status ${status}${example === undefined ? '' : ` (${example})`}`,
    ...Object.keys(headers).map((name) => `header ${name}`),
    contentType !== undefined && `Content-Type ${contentType}`,
    body !== undefined && 'another body',
    delivery && deliveries[delivery],
    expiresIn !== undefined && `expires_in ${expiresIn === null ? 'missing' : JSON.stringify(expiresIn)}`,
  ];
  const beyond = limit ? ` beyond ${limit.requests} requests in ${limit.seconds} s` : '';
  return effects.filter(Boolean).join(', ') + beyond;
}

function describeDelay(delay: Delay): string {
  if ('milliseconds' in delay) return String(delay.milliseconds);
  return 'from' in delay ? `${delay.from} to ${delay.to}` : `around ${delay.median}`;
}
