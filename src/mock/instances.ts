import { randomUUID } from 'node:crypto';
import type { Api } from '../openapi/api.ts';
import { parseObject } from '../util/json.ts';
import type { ClientCredentials } from './auth/authorization.ts';
import { withOwnSecrets, type Key } from './clinics/clinic.ts';
import { checkArgument } from './control/check-request.ts';
import { ControlError, notFound } from './control/control-error.ts';
import type { OtherSandboxes } from './control/handlers.ts';
import { Controls } from './control/controls.ts';
import type { Scenarios } from './control/scenarios.ts';
import type { Handle } from './http/server.ts';
import type { Limits } from './options.ts';
import { inMoment } from './replica.ts';
import type { ErrorStyle } from './state/environment.ts';
import type { Made, Store } from './state/store.ts';
import { World, type Files, type WorldParts } from './world.ts';

/** An isolated world of a mock. Close it with `close()` or `await using`. */
export class MockSandbox extends Controls implements AsyncDisposable {
  /** Undefined for the mock's own world. */
  readonly id: string | undefined;
  readonly #world: World;
  readonly #close: () => Promise<void>;

  /** @internal */
  constructor(id: string | undefined, world: World, close: () => Promise<void>) {
    super(() => world.current());
    this.id = id;
    this.#world = world;
    this.#close = close;
  }

  /** Its URL: `http://127.0.0.1:4010`, or `http://127.0.0.1:4010/s/{id}`. */
  get url(): string {
    return this.#world.current().url;
  }

  /** The URL of the specification's paths: `http://127.0.0.1:4010/api/v1`. */
  get baseUrl(): string {
    return this.#world.current().baseUrl;
  }

  /** Named courses of events, with times, clock and keys. */
  get scenarios(): Scenarios {
    return this.#world.scenarios;
  }

  /** Restores the start: clock, keys, answers, faults, journal, findings. Tokens stay valid. */
  reset(): void {
    this.#world.current().mayChange();
    this.#world.reset();
  }

  close(): Promise<void> {
    return this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

interface Parts {
  /** Reads the files again. */
  reload: () => Promise<string[]>;
  url: string;
  world: World;
  sandboxes: Sandboxes;
  handle: Handle;
  controlToken: string | undefined;
  /** Requests under way are answered, for at most half a second. */
  close: () => Promise<void>;
}

/** A running mock. Close it with `close()` or `await using`. */
export class Mock extends MockSandbox {
  // Private, so that nothing that prints a mock shows its control token.
  readonly #parts: Parts;

  /** @internal */
  constructor(parts: Parts) {
    super(undefined, parts.world, parts.close);
    this.#parts = parts;
  }

  /** Isolated worlds for tests that run at the same time. */
  get sandboxes(): Sandboxes {
    return this.#parts.sandboxes;
  }

  /** The bearer token of the control API, if it needs one. */
  get controlToken(): string | undefined {
    return this.#parts.controlToken;
  }

  /** @internal */
  get api(): Api {
    return this.#parts.world.current().api;
  }

  /** @internal Answers a request that did not come over the mock's own address. */
  get handle(): Handle {
    return this.#parts.handle;
  }

  /** Where the mock listens, whatever its public URL: `http://127.0.0.1:4010`, without a slash at the end. */
  override get url(): string {
    return this.#parts.url;
  }

  /** @internal Whether a text has a secret of its keys, in any form in which it may be sent, or a token. */
  hasSecret(text: string): boolean {
    return this.#parts.world.current().keys.secrets.redact(text) !== text;
  }

  /** @internal Completes the start of an opened mock. @throws Problem if Prism cannot use the specification. */
  async load(): Promise<void> {
    await this.#parts.world.current().answers.load();
  }

  /**
   * @internal Goes on with the files as they are now; state that fits them is kept.
   * @returns a sentence for each thing that does not fit.
   * @throws Problem if a file is invalid: then all stays as it was.
   */
  reload(): Promise<string[]> {
    return this.#parts.reload();
  }
}

/** Settings of a new sandbox; others are the mock's. */
export interface NewSandbox {
  /** Seed of random events, an integer. Default: the mock's. */
  seed?: number | undefined;
  /** The error format of its token endpoint. Default: the mock's. */
  errorStyle?: ErrorStyle | undefined;
}

interface Inhabited {
  /** When it was made, in milliseconds since 1970. */
  madeAt: number;
  sandbox: MockSandbox;
  world: World;
  /** When its last request ended, in milliseconds since 1970. */
  usedAt: number;
  /** Requests under way, including streams. */
  underWay: number;
}

/** The isolated sandboxes of a mock: each has its own URL, credentials, clock, faults and journal. */
export class Sandboxes {
  #parts: WorldParts;
  readonly #limits: Limits;
  readonly #store: Store | undefined;
  readonly #sandboxes = new Map<string, Inhabited>();
  /** No sandbox ends as idle before this time, in milliseconds since 1970. */
  #noneIdleUntil = -Infinity;

  /** @internal */
  constructor(parts: WorldParts, limits: Limits, store?: Store) {
    this.#parts = parts;
    this.#limits = limits;
    this.#store = store;
  }

  /** Makes a new sandbox. @throws ControlError `bad_request` if a setting is invalid, `too_many` at the limit. */
  create(settings: NewSandbox = {}): MockSandbox {
    return this.#create(settings);
  }

  #create(settings: NewSandbox = {}, id = this.#parts.newId()): MockSandbox {
    this.#parts.mayChange();
    const checked = checkArgument('createSandbox', settings);
    this.#endIdle();
    if (this.#sandboxes.has(id)) throw isTaken(id);
    if (this.#sandboxes.size >= this.#limits.sandboxes) throw this.#tooMany();
    return this.#open(id, checked).sandbox;
  }

  #tooMany(): ControlError {
    return new ControlError('too_many', `There are ${this.#limits.sandboxes} sandboxes already; end one first.`);
  }

  #open(id: string, { seed, errorStyle }: NewSandbox = {}, made?: Made): Inhabited {
    const { newId, clinics, tell, tellReset, tellControl, now } = this.#parts;
    const begin = (): World =>
      new World(
        {
          ...this.#parts,
          url: `${this.#parts.url}/s/${id}`,
          scenario: undefined,
          clinics: clinics.map((clinic) => withOwnSecrets(clinic, newId)),
          seed: seed ?? this.#parts.seed,
          errorStyle: errorStyle ?? this.#parts.errorStyle,
          tell: tell && ((answered) => tell({ ...answered, sandbox: id })),
          tellReset: () => tellReset(id),
          tellControl: (controlled) => tellControl({ ...controlled, sandbox: id }),
        },
        undefined,
        this.#store && made && { store: this.#store, name: id, made, idle: this.#limits.sandboxIdleSeconds * 1000 },
      );
    // Its secrets follow from the id, so that all replicas give it the same.
    const world = made ? inMoment(made, begin) : begin();
    const sandbox = new MockSandbox(id, world, async () => {
      if (this.#sandboxes.has(id)) this.end(id);
    });
    const inhabited = { madeAt: made?.at ?? now(), sandbox, world, usedAt: now(), underWay: 0 };
    this.#sandboxes.set(id, inhabited);
    this.#willBeIdle(inhabited.usedAt);
    return inhabited;
  }

  /** @internal For the control API: with a store, those of all replicas. */
  forControl(): OtherSandboxes {
    const store = this.#store;
    if (!store) return { create: (...all) => this.#create(...all), list: () => this.list(), end: (id) => this.end(id) };
    return {
      create: async (settings, id = randomUUID()) => {
        const idle = this.#limits.sandboxIdleSeconds * 1000;
        const made = { id: randomUUID(), at: store.now(), settings: JSON.stringify(settings ?? {}) };
        const found = await store.make(id, made, idle, this.#limits.sandboxes);
        if (!found) throw this.#tooMany();
        if (found.id !== made.id) throw isTaken(id);
        const created = await this.find(id);
        if (!created) throw notFound('sandbox', id, []);
        return created.sandbox;
      },
      list: async () => {
        const all = await Promise.all((await store.list()).map((id) => this.find(id)));
        const found = all.flatMap((each) => (each ? [each] : []));
        return found.toSorted((a, b) => a.madeAt - b.madeAt).map(({ sandbox }) => sandbox);
      },
      end: async (id) => {
        const known = await store.list();
        if (!(await store.end(id))) throw notFound('sandbox', id, known);
        this.#drop(id);
      },
    };
  }

  /** @internal A sandbox that this replica, or another one, has made. @throws Away */
  async find(id: string): Promise<Inhabited | undefined> {
    const known = this.#sandboxes.get(id);
    if (known && !known.world.hasEnded) return known;
    if (known) this.#drop(id);
    const made = await this.#store?.find(id);
    // Another request may have found it meanwhile.
    if (!made || this.#sandboxes.has(id)) return made && this.#sandboxes.get(id);
    const opened = this.#open(id, checkArgument('createSandbox', parseObject(made.settings) ?? {}), made);
    await opened.world.start();
    return opened;
  }

  /** @internal Gets to know those of other replicas. Whether there was one. @throws Away */
  async lookAround(): Promise<boolean> {
    const unknown = ((await this.#store?.list()) ?? []).filter((id) => !this.#sandboxes.has(id));
    await Promise.all(unknown.map((id) => this.find(id)));
    return unknown.length > 0;
  }

  /** @internal Drops those that another replica has ended. @throws Away */
  async dropEnded(): Promise<void> {
    const known = [...this.#sandboxes.keys()];
    const left = new Set(await this.#store?.list());
    for (const id of known) if (!left.has(id)) this.#drop(id);
  }

  /** The sandboxes, oldest first. */
  list(): MockSandbox[] {
    this.#endIdle();
    return [...this.#sandboxes.values()].map(({ sandbox }) => sandbox);
  }

  /** @throws ControlError `not_found` if none has the id. */
  end(id: string): void {
    this.#parts.mayChange();
    if (!this.#sandboxes.has(id)) throw notFound('sandbox', id, [...this.#sandboxes.keys()]);
    this.#drop(id);
  }

  #drop(id: string): void {
    const found = this.#sandboxes.get(id);
    this.#sandboxes.delete(id);
    if (!found) return;
    this.#parts.tellEnd(found.sandbox);
    found.world.close();
  }

  /** @internal The world of a sandbox for one request, and a function to call when the request has ended. */
  enter(id: string): { world: World; leave: () => void } | undefined {
    this.#endIdle();
    const found = this.#sandboxes.get(id);
    if (!found || found.world.hasEnded) return undefined;
    found.underWay += 1;
    const leave = (): void => {
      found.underWay -= 1;
      found.usedAt = this.#parts.now();
      this.#willBeIdle(found.usedAt);
    };
    return { world: found.world, leave };
  }

  /** @internal Goes on with other files in all of them. @returns a sentence for each thing that is lost. */
  reload(files: Files): string[] {
    this.#parts = { ...this.#parts, ...files };
    return [...this.#sandboxes].flatMap(([id, { world }]) => {
      const { keys } = world.current();
      const clinics = files.clinics.map((clinic) => {
        const own = withOwnSecrets(clinic, this.#parts.newId);
        return { ...own, keys: own.keys.map((key) => ({ ...key, ...secretOf(keys.find(key.clientId)) })) };
      });
      return world.reload({ ...files, clinics }).map((sentence) => `/s/${id}: ${sentence}`);
    });
  }

  /** @internal Whether one of them has a key with this secret. */
  have(credentials: ClientCredentials): boolean {
    return [...this.#sandboxes.values()].some(({ world }) => world.has(credentials));
  }

  /** @internal */
  close(): void {
    for (const id of this.#sandboxes.keys()) this.#drop(id);
  }

  #endIdle(): void {
    const now = this.#parts.now();
    if (now < this.#noneIdleUntil) return;
    const limit = this.#limits.sandboxIdleSeconds * 1000;
    this.#noneIdleUntil = Infinity;
    for (const [id, { usedAt, underWay }] of this.#sandboxes) {
      if (underWay > 0) continue;
      if (usedAt < now - limit) this.#drop(id);
      else this.#willBeIdle(usedAt);
    }
  }

  #willBeIdle(usedAt: number): void {
    this.#noneIdleUntil = Math.min(this.#noneIdleUntil, usedAt + this.#limits.sandboxIdleSeconds * 1000);
  }
}

function isTaken(id: string): ControlError {
  return new ControlError('conflict', `There is a sandbox ${id} already.`);
}

function secretOf(key: Key | undefined): Partial<Pick<Key, 'clientSecret'>> {
  return key ? { clientSecret: key.clientSecret } : {};
}
