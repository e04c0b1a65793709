import { checkFilter } from '../control/check-request.ts';
import { guarded } from './environment.ts';

/** A request that was answered, and when. */
export interface JournalEntry extends Answered {
  /** Counted from 1; ids of entries that were dropped are not used again. */
  id: number;
  /** When it was answered, on the mock's clock. */
  time: string;
}

/** Which entries are meant: those that have all of these values. */
export type JournalFilter = {
  [Name in 'operationId' | 'clinic' | 'clientId' | 'tokenId' | 'reason' | 'fault' | 'method' | 'status']?:
    Answered[Name] | undefined;
} & {
  /** Entries with a greater id than this. */
  after?: number | undefined;
};

/** What is called with entries as they are written. What it throws, also later, is dropped. */
export interface Follower {
  entry: (entry: JournalEntry) => void;
  /** Called when no more will come: the mock was reset or closed. */
  end?: () => void;
}

/** An entry before it is read, as few of them are. */
interface Recorded {
  id: number;
  /** Milliseconds since 1970. */
  now: number;
  answered: Answered;
}

/** What a sandbox was asked and answered: the newest entries. No secret and no token is in it. */
export class Journal {
  #entries: Recorded[] = [];
  /** Where the oldest entry stands once the ring is full. */
  #oldest = 0;
  #recorded = 0;
  #cleared = 0;
  readonly #followers = new Set<Required<Follower>>();
  readonly #onClear: () => void;
  readonly #capacity: number;

  /** @internal @param onClear is called when the entries are forgotten. */
  constructor(capacity: number, onClear: () => void = () => {}) {
    this.#capacity = capacity;
    this.#onClear = onClear;
  }

  /** @internal Only the mock writes. Gives the id of the entry. */
  record(answered: Answered, now: number): number {
    this.#recorded += 1;
    const entry = { id: this.#recorded, now, answered };
    if (this.#entries.length < this.#capacity) this.#entries.push(entry);
    else {
      this.#entries[this.#oldest] = entry;
      this.#oldest = (this.#oldest + 1) % this.#capacity;
    }
    if (this.#followers.size > 0) {
      const shown = show(entry);
      for (const follower of this.#followers) follower.entry(shown);
    }
    return entry.id;
  }

  /**
   * The entries that fit, oldest first.
   * @throws ControlError `bad_request` if the filter has an unknown name or an invalid value; so do the other methods.
   */
  find(filter: JournalFilter = {}): JournalEntry[] {
    return this.#fitting(filter).map(show);
  }

  /** Calls the follower with each entry that fits, from now on. Gives what ends that. */
  follow(filter: JournalFilter, follower: Follower): () => void {
    const wanted = fits(filter);
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

  /** @internal Nothing more will be written. */
  end(): void {
    for (const follower of this.#followers) follower.end();
    this.#followers.clear();
  }

  /** The id of the newest entry, 0 before the first. */
  get newest(): number {
    return this.#recorded;
  }

  /** How many entries fit. */
  count(filter: JournalFilter = {}): number {
    return this.#fitting(filter).length;
  }

  /** How many entries were dropped for newer ones since the journal was cleared. */
  get dropped(): number {
    return this.#recorded - this.#cleared - this.#entries.length;
  }

  /** Forgets all entries, and the findings that rest on them. */
  clear(): void {
    this.#onClear();
    this.#entries = [];
    this.#oldest = 0;
    this.#cleared = this.#recorded;
  }

  #fitting(filter: JournalFilter): Recorded[] {
    const all = [...this.#entries.slice(this.#oldest), ...this.#entries.slice(0, this.#oldest)];
    const wanted = fits(filter);
    return all.filter(({ id, answered }) => wanted(id, answered));
  }
}

function fits(given: JournalFilter): (id: number, answered: Answered) => boolean {
  checkFilter(given);
  const { after = 0, ...filter } = given;
  const wanted = Object.entries(filter).filter(([, value]) => value !== undefined);
  return (id, answered) => id > after && wanted.every(([name, value]) => Reflect.get(answered, name) === value);
}

function show({ id, now, answered }: Recorded): JournalEntry {
  return { id, time: new Date(now).toISOString(), ...answered };
}

/** The record of a request that was answered: enough to see what a client does, and nothing secret. */
export interface Answered {
  method: string;
  /** Without the query, and without the path of a sandbox; what looks like a token or is a secret is left out. */
  path: string;
  /** Undefined where no operation has the path and method. */
  operationId: string | undefined;
  /** The clinic that the request was found to be for, or says that it is for where it was refused before; if any. */
  clinic: string | undefined;
  /** The key whose credentials or token the request presented, if there is such a key. */
  clientId: string | undefined;
  /** The id (`jti`) of the token that the request presented or was given. */
  tokenId: string | undefined;
  /** How the client authenticated: HTTP Basic, its secret in the form, or a bearer token. */
  authentication: 'basic' | 'form' | 'bearer' | undefined;
  /** Undefined where the connection ended before an answer began. */
  status: number | undefined;
  /** Why it was refused, such as `expired_token` or `invalid_client`. */
  reason: string | undefined;
  /** The id of the fault that struck it, or `prefer` where the request itself asked for one. */
  fault: string | undefined;
  /** True where the connection ended before the answer was whole. */
  broken: true | undefined;
  /** The seconds of the answer's `Retry-After`. */
  retryAfter: number | undefined;
  /** What in the request violates the specification, where anything does. */
  violations: string[] | undefined;
  /** The names of the query's parameters that carried a secret or a token, where any did. */
  credentialsInQuery: string[] | undefined;
  /** The `Origin` header, which browsers send. */
  origin: string | undefined;
  /** How long the answer took. */
  milliseconds: number;
}

/** The same, and where. */
export interface Told extends Answered {
  /** The id of the sandbox that answered, if it was one beside the mock's own. */
  sandbox?: string;
}
