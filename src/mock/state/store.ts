import { messageOf, Problem } from '../../util/errors.ts';

/** How a world began: the same for all replicas. */
export interface Made {
  /** Another one for each world, so that a store that was emptied is noticed. Also the seed of the world's ids. */
  id: string;
  /** Milliseconds since 1970, common time. */
  at: number;
  /** JSON of its settings. */
  settings: string;
}

/** A change of a world, which each replica carries out at the same place of the same order. */
export interface Logged {
  /** Counts from 1; the world's epoch is that of its last change. */
  epoch: number;
  /** The id of the last journal entry before it. */
  after: number;
  /** JSON. */
  change: string;
}

/** The entries of a journal, JSON each, by their ids. */
export type Entries = [id: number, entry: string][];

/** What happened in a world since a replica looked last, a page at most. */
export interface News {
  epoch: number;
  newest: number;
  changes: Logged[];
  entries: Entries;
}

/**
 * What a change does to what the store keeps: `reset` forgets log and journal before it, `clear` the journal, `struck` the
 * changes that are a `strike`.
 */
export type Effect = 'reset' | 'clear' | 'strike' | 'struck' | '';

export interface Commit {
  /** The epoch at which the change or the answers were worked out. */
  epoch: number;
  change?: { text: string; effect: Effect } | undefined;
  entries: readonly string[];
}

/** `stale`: the world has changed since that epoch; `gone`: it was ended or the store emptied; `full`: too many changes. */
export type Committed = { epoch: number; newest: number } | 'stale' | 'gone' | 'full';

export interface Bounds {
  /** Milliseconds without a request after which a world is forgotten; undefined for never. */
  idle: number | undefined;
  /** Entries of its journal. */
  entries: number;
}

/** Keeps the worlds of a mock in common for its replicas. All methods throw `Away` where it does not answer in time. */
export interface Store {
  /** Milliseconds since 1970, common time. */
  now: () => number;
  /** Whether it did not answer when it was asked last. */
  readonly isAway: boolean;
  /** Makes a world, unless it is there. @returns how it began; undefined where `most` others are there. */
  make: (world: string, made: Made, idle: number | undefined, most: number) => Promise<Made | undefined>;
  /** How a world began, if it is there. */
  find: (world: string) => Promise<Made | undefined>;
  /** The worlds that end when they are idle; some may have ended by now. */
  list: () => Promise<string[]>;
  /** Ends a world. False if it is not there. */
  end: (world: string) => Promise<boolean>;
  /** Appends a change and entries, all or nothing. */
  commit: (world: string, id: string, commit: Commit, bounds: Bounds) => Promise<Committed>;
  /** What happened after an epoch and an entry. */
  since: (world: string, id: string, epoch: number, newest: number, idle?: number) => Promise<News | 'gone'>;
  /** Says what this mock is. @returns what others are that have a world of their own here. */
  meet: (settings: string) => Promise<string[]>;
  /** Tells all replicas a text. */
  tell: (text: string) => Promise<void>;
  /** What they were told after an id, a page at most; `-` for the oldest that is kept, `(` before one that is known. */
  told: (after: string) => Promise<[id: string, text: string][]>;
  /** A secret text of a world, if it has one of this name. */
  secret: (world: string, name: string) => Promise<string | undefined>;
  /** Keeps a secret text under a name, unless it has one. @returns the one that it has. */
  keep: (world: string, name: string, text: string) => Promise<string>;
  close: () => Promise<void>;
}

/** The store does not answer. */
export class Away extends Error {
  override readonly name = 'Away';
}

/** The store takes no more changes of a world. */
export class Full extends Away {
  constructor() {
    super('The store has no place for more changes of this world; reset the mock.');
  }
}

/** The name of the mock's own world. */
export const ownWorld = 'mock';
const remedies: [reason: RegExp, remedy: string][] = [
  [/^URI malformed/, 'Write %25 for % in user and password of its URL.'],
  [/altname/i, 'Name its host as its certificate does.'],
  [
    /certificate|unable to verify/i,
    'Name the file of the CA that signed its certificate with NODE_EXTRA_CA_CERTS=FILE.',
  ],
  [
    /^(?:WRONGPASS|NOAUTH|ERR AUTH)/,
    'Set ARZAMED_STORE_PASSWORD, and ARZAMED_STORE_USER if it has users, as Redis has them.',
  ],
  [
    /NOPERM|permission|unknown command.*EVAL/i,
    'Name a Redis that lets the user call EVAL and EVALSHA, and read and write the keys of --store-prefix.',
  ],
  [/READONLY|replica|sentinel/, 'Name the primary.'],
  [/cluster|CROSSSLOT|MOVED/i, 'Name a Redis that is no part of a cluster.'],
];

/** A store that cannot be used at the start. It shows neither user nor password. */
export function unusableStore(cause: unknown): Problem {
  const reason = messageOf(cause).slice(0, 200);
  const usual =
    'Name a Redis 7 or Valkey 8 that runs with --store redis://HOST:PORT, or with rediss:// if it speaks TLS.';
  const remedy = remedies.find(([pattern]) => pattern.test(reason))?.[1] ?? usual;
  return new Problem(
    { code: 'store_unusable', what: 'The store cannot be used.', facts: { reason }, remedy },
    { cause },
  );
}

/** Changes of a world that are kept until it is reset. */
export const mostChanges = 100_000;
/** Texts told to all replicas that are kept. */
export const mostTold = 10_000;
/** Changes, and entries, of one page of news. */
export const pageSize = 1000;
