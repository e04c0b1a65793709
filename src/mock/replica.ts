import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash, randomUUID } from 'node:crypto';
import { fieldsOf, isList, parseJson } from '../util/json.ts';
import { readAction, readEntry, type Action, type Entry } from './state/change.ts';
import {
  Away,
  Full,
  pageSize,
  type Bounds,
  type Effect,
  type Logged,
  type Made,
  type News,
  type Store,
} from './state/store.ts';

/** The world has changed since an answer was worked out. */
export class Stale extends Error {}

/** The sandbox was ended, perhaps by another replica. */
export class Gone extends Error {}

/** Whether an error is no defect, but tells that an answer must not leave. */
export function isOfReplica(error: unknown): boolean {
  return error instanceof Stale || error instanceof Gone || error instanceof Away;
}

/** What is the same on all replicas while they carry out a change. */
interface Moment {
  at: number;
  newId: () => string;
}

const moments = new AsyncLocalStorage<Moment>();

/** The time and the ids of the change that is being carried out; undefined outside of one. */
export function moment(): Moment | undefined {
  return moments.getStore();
}

/** Carries out a change with its own time, and ids that follow from its seed. */
export function inMoment<Value>({ at, id }: { at: number; id: string }, act: () => Value): Value {
  let made = 0;
  const newId = (): string => {
    made += 1;
    const hash = createHash('sha256').update(`${id} ${made}`).digest('hex');
    return [8, 12, 16, 20, 32].map((end, index) => hash.slice([0, 8, 12, 16, 20][index], end)).join('-');
  };
  return moments.run({ at, newId }, act);
}

/** A signing key in the store: its name, and until when its tokens are valid. */
export type NamedKey = [name: string, until: number | null];

/** A world as its replica sees it. */
interface Replicated {
  apply: (action: Action) => Promise<unknown>;
  see: (id: number, entry: Entry) => void;
  /** Says that entries up to an id are no longer in the store. */
  skip: (id: number) => void;
  newest: () => number;
  isFollowed: () => boolean;
  /** The signing keys, the current one first; they outlive a reset. */
  keys: () => NamedKey[];
  useKeys: (keys: readonly NamedKey[]) => Promise<void>;
  /** Begins again, as the world was made. */
  begin: (made: Made) => Promise<void>;
  warn: (sentence: string) => void;
  /** Makes the world again, after the store was emptied; undefined where it has ended for good. */
  remake: (() => Promise<Made>) | undefined;
}

interface Waiting {
  epoch: number;
  entry: Entry;
  resolve: (id: number) => void;
  reject: (error: unknown) => void;
}

/** Entries in one commit. */
const mostAtOnce = 200;
/** Entries of its own that a replica keeps back until it has those of the others before them. */
const mostPending = 1000;
/** Milliseconds between looks at the store: usually, while one follows the journal, and while the store is away. */
const looks = { usual: 1000, followed: 50, away: 100 };

/**
 * Keeps a world the same as that of other replicas. All changes are in one log; each replica carries them out in its order,
 * and an answer leaves only if the store confirms, with its journal entry, that no change came between.
 */
export class Replica {
  /** Tells its connections from those of others. */
  readonly name = randomUUID();
  readonly #store: Store;
  readonly #world: string;
  readonly #bounds: Bounds;
  readonly #of: Replicated;
  #made: Made;
  #epoch = 0;
  /** Set while changes are carried out. */
  #applying: Promise<unknown> | undefined;
  /** A change was carried out in part. */
  #isBroken = false;
  #hasEnded = false;
  #toldAway = false;
  #waiting: Waiting[] = [];
  readonly #own = new Map<number, Entry>();
  #line: Promise<unknown> = Promise.resolve();
  #following: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(store: Store, world: string, made: Made, bounds: Bounds, of: Replicated) {
    this.#store = store;
    this.#world = world;
    this.#made = made;
    this.#bounds = bounds;
    this.#of = of;
  }

  /** How many changes the state has had. */
  get epoch(): number {
    return this.#epoch;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get isAway(): boolean {
    return this.#store.isAway;
  }

  now(): number {
    return this.#store.now();
  }

  /** Whether no change is being carried out. */
  get isSettled(): boolean {
    return this.#applying === undefined;
  }

  async settled(): Promise<void> {
    while (this.#applying) await this.#applying;
  }

  /** Reads what happened so far, and goes on to look. @throws Away, Gone */
  async start(): Promise<void> {
    await this.catchUp();
    this.#look();
  }

  /** Knows what had happened when it was called. @throws Away, Gone */
  catchUp(): Promise<void> {
    this.#following ??= this.#run(() => {
      this.#following = undefined;
      return this.#follow();
    });
    return this.#following;
  }

  /**
   * Writes a journal entry if the world has not changed since an epoch. @returns its id.
   * @throws Stale, Gone, Away
   */
  enter(epoch: number, entry: Entry): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ epoch, entry, resolve, reject });
      if (this.#waiting.length === 1) void this.#run(() => this.#flush());
    });
  }

  /**
   * Appends a change to the log, and carries it out here by `act`; the other replicas do so by its action, which a
   * function gives for the state at which it is committed.
   * @param epoch that must still be the world's; undefined for whatever it is.
   * @throws Stale, Gone, Away, Full
   */
  change<Value>(
    action: Action | (() => Action),
    act: () => Promise<Value>,
    { epoch, effect = '' }: { epoch?: number; effect?: Effect } = {},
  ): Promise<{ value: Value; epoch: number }> {
    return this.#run(async () => {
      for (;;) {
        if (this.isAway) throw new Away('The store is away.');
        if (this.#isBroken) await this.#follow();
        if (epoch !== undefined && epoch !== this.#epoch) throw new Stale();
        const moment = { at: this.#store.now(), id: randomUUID() };
        const given = typeof action === 'function' ? action() : action;
        const text = JSON.stringify({
          ...moment,
          action: given,
          ...(effect === 'reset' ? { keys: this.#of.keys() } : {}),
        });
        const commit = { epoch: this.#epoch, change: { text, effect }, entries: [] };
        const done = await this.#store.commit(this.#world, this.#made.id, commit, this.#bounds);
        if (done === 'full') throw new Full();
        if (typeof done === 'string') {
          await this.#follow();
          continue;
        }
        if (effect === 'reset' || effect === 'clear') this.#own.clear();
        if (effect === 'clear') this.#of.skip(done.newest);
        return { value: await this.#apply(done.epoch, moment, act), epoch: done.epoch };
      }
    });
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#hasEnded = true;
  }

  /** One thing after the other: replicas are in each other's way, requests are not. */
  #run<Value>(task: () => Promise<Value>): Promise<Value> {
    const result = this.#line.then(task);
    this.#line = result.catch(() => {});
    return result;
  }

  async #flush(): Promise<void> {
    const all = this.#waiting.splice(0, mostAtOnce);
    if (this.#waiting.length > 0) void this.#run(() => this.#flush());
    const fresh = all.filter(({ epoch }) => epoch === this.#epoch);
    for (const each of all) if (each.epoch !== this.#epoch) each.reject(new Stale());
    if (fresh.length === 0) return;
    try {
      if (this.isAway) throw new Away('The store is away.');
      const entries = fresh.map(({ entry }) => JSON.stringify(entry));
      const commit = { epoch: this.#epoch, entries };
      const done = await this.#store.commit(this.#world, this.#made.id, commit, this.#bounds);
      if (typeof done === 'string') {
        await this.#follow();
        throw new Stale();
      }
      let id = done.newest - fresh.length;
      for (const { entry, resolve } of fresh) {
        id += 1;
        this.#own.set(id, entry);
        resolve(id);
      }
      this.#seeOwn();
      // Before the store drops what the findings have not seen.
      if (this.#own.size >= mostPending) await this.#follow().catch(() => {});
    } catch (error) {
      for (const each of fresh) each.reject(error);
    }
  }

  /** Those of its own that come next need not be read back. */
  #seeOwn(): void {
    for (;;) {
      const id = this.#of.newest() + 1;
      const entry = this.#own.get(id);
      if (!entry) return;
      this.#own.delete(id);
      this.#of.see(id, entry);
    }
  }

  async #follow(): Promise<void> {
    if (this.#hasEnded) throw new Gone();
    if (this.#isBroken) await this.#restart(this.#made);
    for (;;) {
      const { idle } = this.#bounds;
      const news = await this.#store.since(this.#world, this.#made.id, this.#epoch, this.#of.newest(), idle);
      if (news === 'gone') {
        if (!this.#of.remake) {
          this.end();
          throw new Gone();
        }
        await this.#restart(await this.#of.remake());
      } else if (news.epoch < this.#epoch) await this.#restart(this.#made);
      else if (await this.#take(news)) {
        this.#epoch = news.epoch;
        return;
      }
    }
  }

  async #restart(made: Made): Promise<void> {
    this.#made = made;
    this.#own.clear();
    this.#isBroken = true;
    await this.#whileApplying(() => this.#of.begin(made));
    this.#epoch = 0;
    this.#isBroken = false;
  }

  /** Carries out changes, and sees entries, in their order. False if there is more. */
  async #take({ newest, changes, entries }: News): Promise<boolean> {
    let next = 0;
    const isWhole = entries.length < pageSize;
    const seeTo = (last: number): boolean => {
      for (let found = entries[next]; found && found[0] <= last; found = entries[(next += 1)]) this.#see(...found);
      if (next === entries.length && !isWhole) return false;
      if (last > this.#of.newest()) this.#of.skip(last);
      return true;
    };
    for (const logged of changes) {
      if (!seeTo(logged.after)) return false;
      // After a reset the ids of entries begin again.
      if (await this.#carryOut(logged)) return false;
    }
    return changes.length < pageSize && seeTo(newest);
  }

  #see(id: number, text: string): void {
    if (id <= this.#of.newest()) return;
    const entry = this.#own.get(id) ?? readEntry(parseJson(text));
    this.#own.delete(id);
    if (entry) this.#of.see(id, entry);
    else this.#of.skip(id);
  }

  /** @returns whether it was a reset. One that this version of the mock does not know is passed over. */
  async #carryOut({ epoch, change }: Logged): Promise<boolean> {
    const { at, id, action: given, keys } = fieldsOf(parseJson(change)) ?? {};
    const action = readAction(given);
    if (typeof at !== 'number' || typeof id !== 'string' || !action) {
      this.#of.warn('The store has a change that this mock does not know; it is passed over.');
      this.#epoch = epoch;
      return false;
    }
    if (isList(keys)) await this.#whileApplying(() => this.#of.useKeys(keys.flatMap(readKey)));
    await this.#apply(epoch, { at, id }, () => this.#of.apply(action));
    if (isList(keys)) this.#own.clear();
    return isList(keys);
  }

  async #apply<Value>(epoch: number, moment: { at: number; id: string }, act: () => Promise<Value>): Promise<Value> {
    this.#isBroken = true;
    const value = await this.#whileApplying(() => inMoment(moment, act));
    this.#epoch = epoch;
    this.#isBroken = false;
    return value;
  }

  async #whileApplying<Value>(act: () => Promise<Value>): Promise<Value> {
    const applying = act();
    this.#applying = applying.catch(() => {});
    try {
      return await applying;
    } finally {
      this.#applying = undefined;
    }
  }

  /** Tells once that the store is away, and once that it is back; the own world of a mock does. */
  #tellAway(): void {
    if (this.isAway === this.#toldAway || !this.#of.remake) return;
    this.#toldAway = this.isAway;
    this.#of.warn(this.isAway ? 'The store does not answer: requests get 503.' : 'The store answers again.');
  }

  #look(): void {
    if (this.#hasEnded) return;
    const isFollowed = this.#of.isFollowed();
    const usual = isFollowed ? looks.followed : looks.usual;
    const look = async (): Promise<void> => {
      // A look renews a world that ends when it is idle.
      if (this.#bounds.idle === undefined || isFollowed) await this.catchUp().catch(() => {});
      this.#tellAway();
      this.#look();
    };
    this.#timer = setTimeout(() => void look(), this.isAway ? looks.away : usual).unref();
  }
}

function readKey(given: unknown): NamedKey[] {
  const [name, until] = isList(given) ? given : [];
  return typeof name === 'string' && (typeof until === 'number' || until === null) ? [[name, until]] : [];
}
