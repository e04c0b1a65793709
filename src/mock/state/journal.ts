import { checkFilter } from '../control/check-request.ts';
import { guarded } from './environment.ts';
import { Memory } from './memory.ts';

/** A request that was answered, and when. */
export interface JournalEntry extends Answered {
  /** Counts from 1, also across cleared entries. */
  id: number;
  /** When it was answered, on the mock's clock. */
  time: string;
}

/** Selects entries that have all of these values. */
export type JournalFilter = {
  [Name in 'operationId' | 'clinic' | 'clientId' | 'tokenId' | 'fault' | 'method' | 'status']?:
    | Answered[Name]
    | undefined;
} & {
  reason?: string | undefined;
  /** Entries with a greater id only. */
  after?: number | undefined;
};

/** Receives entries as they are written. What it throws, also later, is dropped. */
export interface Follower {
  entry: (entry: JournalEntry) => void;
  /** Called when the mock is reset or closed. */
  end?: () => void;
}

interface Recorded {
  characters: number;
  id: number;
  /** Milliseconds since 1970. */
  now: number;
  answered: Answered;
}

/** A sandbox's requests and answers: the newest entries, without secrets and tokens. */
export class Journal {
  /** A ring: the newest entry takes the place of the oldest. */
  #entries: (Recorded | undefined)[] = [];
  #oldest = 0;
  #kept = 0;
  /** @internal Of all entries. */
  characters = 0;
  #recorded = 0;
  #cleared = 0;
  readonly #followers = new Set<Required<Follower>>();
  readonly #onClear: () => void;
  readonly #capacity: number;
  readonly #memory: Memory;

  /** @internal @param onClear called when the entries are forgotten. */
  constructor(capacity: number, memory = new Memory(), onClear: () => void = () => {}) {
    this.#capacity = capacity;
    this.#memory = memory;
    this.#onClear = onClear;
  }

  /** @internal Writes an entry and returns its id. */
  record(answered: Answered, now: number): number {
    this.#recorded += 1;
    const entry = { id: this.#recorded, now, answered, characters: sizeOf(answered) };
    if (this.#kept >= this.#capacity) this.dropOldest();
    if (this.#capacity > 0) {
      this.#entries[(this.#oldest + this.#kept) % this.#capacity] = entry;
      this.#kept += 1;
      this.characters += entry.characters;
      this.#memory.record(this, entry.characters);
    }
    if (this.#followers.size > 0) {
      const shown = show(entry);
      for (const follower of this.#followers) follower.entry(shown);
    }
    return entry.id;
  }

  /** @internal Whether anything follows it. */
  get isFollowed(): boolean {
    return this.#followers.size > 0;
  }

  /** @internal Goes on after an id: the entries up to it are nowhere any more, nor are those before them. */
  skip(id: number): void {
    while (this.#kept > 0) this.dropOldest();
    this.#recorded = id;
  }

  /** @internal */
  dropOldest(): void {
    const { characters = 0 } = this.#entries[this.#oldest] ?? {};
    if (this.#kept === 0) return;
    this.#entries[this.#oldest] = undefined;
    this.#oldest = (this.#oldest + 1) % this.#capacity;
    this.#kept -= 1;
    this.characters -= characters;
    this.#memory.record(this, -characters);
  }

  /** @internal The entry of an id, or the first after it that is kept. */
  from(id: number): JournalEntry | undefined {
    const first = this.#recorded - this.#kept + 1;
    const entry =
      id > this.#recorded ? undefined : this.#entries[(this.#oldest + Math.max(0, id - first)) % this.#capacity];
    return entry && show(entry);
  }

  /** Matching entries, oldest first. All methods throw ControlError `bad_request` if the filter is invalid. */
  find(filter: JournalFilter = {}): JournalEntry[] {
    return this.#fitting(filter).map(show);
  }

  /** Calls the follower with each matching entry from now on. Returns a function that stops this. */
  follow(filter: JournalFilter, follower: Follower): () => void {
    const wanted = filterOf(filter);
    const tell = guarded(follower.entry.bind(follower));
    const listener = {
      entry: (entry: JournalEntry) => {
        if (wanted(entry.id, entry)) tell(entry);
      },
      end: guarded(follower.end?.bind(follower)),
    };
    this.#followers.add(listener);
    return () => this.#followers.delete(listener);
  }

  /** @internal */
  end(): void {
    for (const follower of this.#followers) follower.end();
    this.#followers.clear();
  }

  /** The id of the newest entry, 0 before the first. */
  get newest(): number {
    return this.#recorded;
  }

  count(filter: JournalFilter = {}): number {
    return this.#fitting(filter).length;
  }

  /** How many entries were dropped for newer ones since the journal was last cleared. */
  get dropped(): number {
    return this.#recorded - this.#cleared - this.#kept;
  }

  /** Forgets all entries, and the findings based on them. */
  clear(): void {
    this.#onClear();
    this.#memory.record(this, -this.characters);
    this.characters = 0;
    this.#entries = [];
    this.#oldest = 0;
    this.#kept = 0;
    this.#cleared = this.#recorded;
  }

  #fitting(filter: JournalFilter): Recorded[] {
    const wanted = filterOf(filter);
    const all = [...this.#entries.slice(this.#oldest), ...this.#entries.slice(0, this.#oldest)];
    return all.filter((entry): entry is Recorded => entry !== undefined && wanted(entry.id, entry.answered));
  }
}

/** @internal */
export function filterOf(given: JournalFilter): (id: number, answered: Answered) => boolean {
  checkFilter(given);
  const { after = 0, ...filter } = given;
  const wanted = Object.entries(filter).filter(([, value]) => value !== undefined);
  return (id, answered) => id > after && wanted.every(([name, value]) => Reflect.get(answered, name) === value);
}

/** Characters of an entry, with what holds them together. */
function sizeOf({ path, violations, origin, credentialsInQuery, request, response }: Answered): number {
  let characters = 300 + path.length + (origin?.length ?? 0);
  if (violations) for (const each of violations) characters += each.length;
  if (credentialsInQuery) for (const each of credentialsInQuery) characters += each.length;
  return request ? characters + JSON.stringify({ request, response }).length : characters;
}

function show({ id, now, answered }: Recorded): JournalEntry {
  return { id, time: new Date(now).toISOString(), ...answered };
}

/** Why a request is refused before its answer is chosen. */
export const refusalReasons = [
  'missing_token',
  'invalid_token',
  'expired_token',
  'insufficient_scope',
  'missing_credentials',
  'invalid_credentials',
  'missing_key',
  'invalid_key',
  'unknown_key',
  'revoked_key',
  'expired_key',
  'other_sandbox',
  'invalid_request',
  'invalid_client',
  'invalid_scope',
  'unsupported_grant_type',
  'unknown_clinic',
  'unknown_path',
  'clinic_in_path',
  'wrong_method',
  'two_hosts',
  'expectation',
  'unreadable',
  'unreadable_body',
  'defect',
] as const;

export type RefusalReason = (typeof refusalReasons)[number];

/** The record of a request that was answered, without secrets. */
export interface Answered {
  method: string;
  /** Without the query and the prefix of a sandbox; secrets and tokens are hidden. */
  path: string;
  /** Undefined if no operation has the path and method. */
  operationId: string | undefined;
  /** The clinic of the request, or the one that a refused request claims. */
  clinic: string | undefined;
  /** The key of the presented credentials or token, if it is known. */
  clientId: string | undefined;
  /** The id (`jti`) of the presented or issued token. */
  tokenId: string | undefined;
  /** How the client authenticated: HTTP Basic, its secret in the form, or a bearer token. */
  authentication: 'basic' | 'form' | 'bearer' | 'key' | undefined;
  /** Undefined if the connection ended before an answer began. */
  status: number | undefined;
  /** The reason for a refusal, such as `expired_token` or `invalid_client`. */
  reason: RefusalReason | undefined;
  /** The id of the fault that struck, or `prefer` if the request itself asked for one. */
  fault: string | undefined;
  /** Whether the connection ended before the answer was complete. */
  broken: true | undefined;
  /** The seconds of the answer's `Retry-After`. */
  retryAfter: number | undefined;
  /** How the request violates the specification. */
  violations: string[] | undefined;
  /** The query parameters that carried a secret or a token. */
  credentialsInQuery: string[] | undefined;
  /** The `Origin` header, which browsers send. */
  origin: string | undefined;
  /** What the request said, if the mock records bodies. */
  request: RecordedRequest | undefined;
  /** What the answer said, if the mock records bodies. */
  response: RecordedAnswer | undefined;
  /** How long the answer took. */
  milliseconds: number;
}

/** A request without secrets: their texts are hidden, and the headers that carry credentials whole. */
export interface RecordedRequest {
  query: { [name: string]: string[] };
  headers: { [name: string]: string };
  /** The first 64 KiB of a body that is text; none of a token request. */
  body: string | undefined;
}

/** An answer without secrets. */
export interface RecordedAnswer {
  headers: { [name: string]: string };
  /** Its first 64 KiB; none of a token answer. */
  body: string | undefined;
}

/** A record for `onAnswer`. */
export interface Told extends JournalEntry {
  /** The id of the sandbox, unless it is the mock's own world. */
  sandbox?: string;
  /** What the fault that struck does, in a few words: `delay 200 ms, status 503`. */
  effect?: string;
}
