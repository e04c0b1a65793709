import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Api } from '../openapi/api.ts';
import { withOwnSecrets } from './clinics/clinic.ts';
import { ControlError, notFound } from './control/control-error.ts';
import {
  Controls,
  type AnswerControls,
  type FaultControls,
  type KeyControls,
  type MockClinic,
} from './control/controls.ts';
import { handlersFor } from './control/handlers.ts';
import { control } from './control/router.ts';
import type { Findings } from './findings/findings.ts';
import { createHandle } from './http/app.ts';
import type { Handle } from './http/server.ts';
import type { Limits } from './options.ts';
import type { Answers } from './prism/answers.ts';
import type { Clock } from './state/clock.ts';
import type { ErrorStyle } from './state/environment.ts';
import type { Journal } from './state/journal.ts';
import { Sandbox } from './state/sandbox.ts';
import type { SandboxParts } from './state/settings.ts';
import type { Credentials } from './token/basic-credentials.ts';

/** An isolated world of a mock. Ends with `close()`, or by itself at the end of the block with `await using`. */
export class MockSandbox implements AsyncDisposable {
  /** Undefined for the world that the mock itself plays. */
  readonly id: string | undefined;
  readonly #world: World;
  readonly #close: () => Promise<void>;

  /** @internal The types that a user sees must not ask for those of the libraries beneath. */
  constructor(id: string | undefined, world: World, close: () => Promise<void>) {
    this.id = id;
    this.#world = world;
    this.#close = close;
  }

  /** Where it is reached: `http://127.0.0.1:4010`, for a sandbox with `/s/{id}` behind; without a slash at the end. */
  get url(): string {
    return this.#world.url;
  }

  /** The URL under which the paths of the specification stand: `http://127.0.0.1:4010/api/v1`. */
  get baseUrl(): string {
    return this.#world.baseUrl;
  }

  /** Each clinic's token URL and keys, as they are now. */
  get clinics(): readonly MockClinic[] {
    return this.#world.controls.credentials();
  }

  /** The mock's time, on which tokens and keys expire. */
  get clock(): Clock {
    return this.#world.controls.clock;
  }

  /** Issues, revokes, expires and restores keys. */
  get keys(): KeyControls {
    return this.#world.controls.keys;
  }

  /** Replaces what a clinic answers. */
  get answers(): AnswerControls {
    return this.#world.controls.answers;
  }

  /** Lets something go wrong. */
  get faults(): FaultControls {
    return this.#world.controls.faults;
  }

  /** What the mock was asked and answered. */
  get journal(): Journal {
    return this.#world.controls.journal;
  }

  /** What the clients do wrong. */
  get findings(): Findings {
    return this.#world.controls.findings;
  }

  /** Signs tokens with a new key. The old one stays published until its last token has expired. Gives the new key's id. */
  rotateSigningKeys(): Promise<string> {
    return this.#world.controls.rotateSigningKeys();
  }

  /** Makes everything as it was at the start: clock, keys, answers, faults, journal, findings. Tokens stay good. */
  reset(): void {
    this.#world.reset();
  }

  /** Ends it. */
  close(): Promise<void> {
    return this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** What a mock is made of. */
interface Parts {
  api: Api;
  answers: Answers;
  /** Where it listens. */
  url: string;
  world: World;
  sandboxes: Sandboxes;
  handle: Handle;
  controlToken: string | undefined;
  /** What is under way is answered, for at most one second. */
  close: () => Promise<void>;
}

/** A running mock. Ends with `close()`, or by itself at the end of the block with `await using`. */
export class Mock extends MockSandbox {
  /** Isolated worlds beside the mock's own, for tests that run at the same time. */
  readonly sandboxes: Sandboxes;
  /** @internal What the mock plays, for the command line to describe. */
  readonly api: Api;
  readonly #answers: Answers;
  /** @internal Answers a request that came some other way than over the mock's own address. */
  readonly handle: Handle;
  readonly #url: string;
  readonly #controlToken: string | undefined;

  /** @internal The types that a user sees must not ask for those of the libraries beneath. */
  constructor({ api, answers, url, world, sandboxes, handle, controlToken, close }: Parts) {
    super(undefined, world, close);
    this.api = api;
    this.handle = handle;
    this.sandboxes = sandboxes;
    this.#answers = answers;
    this.#url = url;
    this.#controlToken = controlToken;
  }

  /**
   * @internal Loads what a mock that has only been opened lacks.
   * @throws Problem if Prism cannot use the specification.
   */
  async load(): Promise<void> {
    await this.#answers.load();
  }

  /** Where the mock listens, whatever its public URL: `http://127.0.0.1:4010`, without a slash at the end. */
  override get url(): string {
    return this.#url;
  }

  /** What requests of the control API must present as their bearer token; undefined where they need none. */
  get controlToken(): string | undefined {
    return this.#controlToken;
  }
}

/** What a new sandbox may be given beside the mock's own settings. */
export interface NewSandbox {
  /** Seed of what happens by chance. Default: the mock's. */
  seed?: number | undefined;
  /** How its token endpoint words its errors. Default: as the mock's. */
  errorStyle?: ErrorStyle | undefined;
}

interface Inhabited {
  world: World;
  /** When its last request ended, in milliseconds since 1970. */
  usedAt: number;
  /** Requests under way, streams among them. */
  underWay: number;
}

/** The isolated sandboxes of a mock: each has URL, credentials, clock, faults and journal of its own. */
export class Sandboxes {
  readonly #parts: SandboxParts;
  readonly #limits: Limits;
  readonly #sandboxes = new Map<string, Inhabited>();
  /** No sandbox has been idle for too long before this time, in milliseconds since 1970. */
  #noneIdleUntil = -Infinity;

  /** @internal The types that a user sees must not ask for those of the libraries beneath. */
  constructor(parts: SandboxParts, limits: Limits) {
    this.#parts = parts;
    this.#limits = limits;
  }

  /**
   * Makes a new world beside the others. It ends with `close()`, or when nobody has asked it for some time.
   * @throws ControlError `too_many` if there are as many as there may be.
   */
  create({ seed = this.#parts.seed, errorStyle = this.#parts.errorStyle }: NewSandbox = {}): MockSandbox {
    this.#endIdle();
    if (this.#sandboxes.size >= this.#limits.sandboxes) {
      throw new ControlError('too_many', `There are ${this.#limits.sandboxes} sandboxes already; end one first.`);
    }
    const { newId, clinics, tell, tellReset, now } = this.#parts;
    const id = newId();
    const world = new World({
      ...this.#parts,
      url: `${this.#parts.url}/s/${id}`,
      clinics: clinics.map((clinic) => withOwnSecrets(clinic, newId)),
      seed,
      errorStyle,
      tell: (answered) => tell({ ...answered, sandbox: id }),
      tellReset: () => tellReset(id),
    });
    const usedAt = now();
    this.#sandboxes.set(id, { world, usedAt, underWay: 0 });
    this.#willBeIdle(usedAt);
    return this.#show(id, world);
  }

  /** Those that there are, oldest first. */
  list(): MockSandbox[] {
    this.#endIdle();
    return [...this.#sandboxes].map(([id, { world }]) => this.#show(id, world));
  }

  /** @throws ControlError `not_found` if there is none of the id. */
  end(id: string): void {
    const found = this.#sandboxes.get(id);
    if (!found) throw notFound('sandbox', id, [...this.#sandboxes.keys()]);
    this.#sandboxes.delete(id);
    found.world.close();
  }

  /** @internal The world of a sandbox for one request, and what is to be called when that has ended. */
  enter(id: string): { world: World; leave: () => void } | undefined {
    this.#endIdle();
    const found = this.#sandboxes.get(id);
    if (!found) return undefined;
    found.underWay += 1;
    const leave = (): void => {
      found.underWay -= 1;
      found.usedAt = this.#parts.now();
      this.#willBeIdle(found.usedAt);
    };
    return { world: found.world, leave };
  }

  /** @internal Whether one of them has a key with this secret. */
  have(credentials: Credentials): boolean {
    return [...this.#sandboxes.values()].some(({ world }) => world.controls.keys.have(credentials));
  }

  /** @internal Ends all. */
  close(): void {
    for (const id of this.#sandboxes.keys()) this.end(id);
  }

  #show(id: string, world: World): MockSandbox {
    return new MockSandbox(id, world, async () => {
      if (this.#sandboxes.has(id)) this.end(id);
    });
  }

  #endIdle(): void {
    const now = this.#parts.now();
    if (now < this.#noneIdleUntil) return;
    const limit = this.#limits.sandboxIdleSeconds * 1000;
    this.#noneIdleUntil = Infinity;
    for (const [id, { usedAt, underWay }] of this.#sandboxes) {
      if (underWay > 0) continue;
      if (usedAt < now - limit) this.end(id);
      else this.#willBeIdle(usedAt);
    }
  }

  #willBeIdle(usedAt: number): void {
    this.#noneIdleUntil = Math.min(this.#noneIdleUntil, usedAt + this.#limits.sandboxIdleSeconds * 1000);
  }
}

/** @internal The sandbox that is played under a URL at present, and the way of a request through it. */
export class World {
  readonly #parts: SandboxParts;
  readonly #sandboxes: Sandboxes | undefined;
  #sandbox: Sandbox;
  #controls: Controls;
  #handle: Handle;

  /** @param sandboxes the other worlds of the mock, if this is the one that may make them. */
  constructor(parts: SandboxParts, sandboxes?: Sandboxes) {
    this.#parts = parts;
    this.#sandboxes = sandboxes;
    [this.#sandbox, this.#controls, this.#handle] = this.#begin();
  }

  get url(): string {
    return this.#sandbox.url;
  }

  get baseUrl(): string {
    return this.#sandbox.baseUrl;
  }

  get controls(): Controls {
    return this.#controls;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#handle(request, response);
  }

  /** Puts a new sandbox in the place of the old one: everything is again as it was at the start. */
  reset(): void {
    this.close();
    this.#parts.tellReset();
    [this.#sandbox, this.#controls, this.#handle] = this.#begin();
  }

  /** Ends the streams of the journal, and tells of no more findings. */
  close(): void {
    this.#sandbox.end();
  }

  #begin(): [Sandbox, Controls, Handle] {
    const sandbox = new Sandbox(this.#parts);
    const controls = new Controls(sandbox);
    const handlers = handlersFor(sandbox, controls, { reset: () => this.reset(), sandboxes: this.#sandboxes });
    return [sandbox, controls, createHandle(sandbox, control(handlers))];
  }
}
