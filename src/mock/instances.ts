import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Api } from '../openapi/api.ts';
import type { ClientCredentials } from './auth/authorization.ts';
import { withOwnSecrets, type Key } from './clinics/clinic.ts';
import { checkArgument } from './control/check-request.ts';
import { ControlError, notFound } from './control/control-error.ts';
import { Controls } from './control/controls.ts';
import { handlersFor } from './control/handlers.ts';
import { control, type Controlled } from './control/router.ts';
import type { NamedScenario } from './control/read-scenarios.ts';
import { Scenarios } from './control/scenarios.ts';
import { createHandle } from './http/app.ts';
import type { Handle } from './http/server.ts';
import type { Limits } from './options.ts';
import type { ErrorStyle } from './state/environment.ts';
import { carryOver } from './state/carry-over.ts';
import { Sandbox, type SandboxParts } from './state/sandbox.ts';
import { SigningKeys, type SigningKey } from './state/signing-keys.ts';

/** What the worlds of a mock are made of. */
type WorldParts = Omit<SandboxParts, 'signingKeys'> & { signingKey: SigningKey } & FurtherParts;

interface FurtherParts {
  /** Reads the named scenarios, when they are first needed. */
  readScenarios: () => Promise<readonly NamedScenario[]>;
  /** The one that runs from the start. */
  scenario: NamedScenario | undefined;
  /** Called with each call of the control API. */
  tellControl: (controlled: Controlled) => void;
}

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
  readonly #sandboxes = new Map<string, Inhabited>();
  /** No sandbox ends as idle before this time, in milliseconds since 1970. */
  #noneIdleUntil = -Infinity;

  /** @internal */
  constructor(parts: WorldParts, limits: Limits) {
    this.#parts = parts;
    this.#limits = limits;
  }

  /** Makes a new sandbox. @throws ControlError `bad_request` if a setting is invalid, `too_many` at the limit. */
  create(settings: NewSandbox = {}): MockSandbox {
    const checked = checkArgument('createSandbox', settings);
    this.#endIdle();
    if (this.#sandboxes.size >= this.#limits.sandboxes) {
      throw new ControlError('too_many', `There are ${this.#limits.sandboxes} sandboxes already; end one first.`);
    }
    const { newId, clinics, tell, tellReset, tellControl, now } = this.#parts;
    const id = newId();
    const world = new World({
      ...this.#parts,
      url: `${this.#parts.url}/s/${id}`,
      scenario: undefined,
      clinics: clinics.map((clinic) => withOwnSecrets(clinic, newId)),
      seed: checked?.seed ?? this.#parts.seed,
      errorStyle: checked?.errorStyle ?? this.#parts.errorStyle,
      tell: tell && ((answered) => tell({ ...answered, sandbox: id })),
      tellReset: () => tellReset(id),
      tellControl: (controlled) => tellControl({ ...controlled, sandbox: id }),
    });
    const sandbox = new MockSandbox(id, world, async () => {
      if (this.#sandboxes.has(id)) this.end(id);
    });
    const usedAt = now();
    this.#sandboxes.set(id, { sandbox, world, usedAt, underWay: 0 });
    this.#willBeIdle(usedAt);
    return sandbox;
  }

  /** The sandboxes, oldest first. */
  list(): MockSandbox[] {
    this.#endIdle();
    return [...this.#sandboxes.values()].map(({ sandbox }) => sandbox);
  }

  /** @throws ControlError `not_found` if none has the id. */
  end(id: string): void {
    const found = this.#sandboxes.get(id);
    if (!found) throw notFound('sandbox', id, [...this.#sandboxes.keys()]);
    this.#sandboxes.delete(id);
    this.#parts.tellEnd(found.sandbox);
    found.world.close();
  }

  /** @internal The world of a sandbox for one request, and a function to call when the request has ended. */
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
    for (const id of this.#sandboxes.keys()) this.end(id);
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

function secretOf(key: Key | undefined): Partial<Pick<Key, 'clientSecret'>> {
  return key ? { clientSecret: key.clientSecret } : {};
}

/** @internal What follows from the files of a mock. */
export type Files = Pick<WorldParts, 'api' | 'clinics' | 'answers' | 'photos' | 'ownStates' | 'readScenarios'>;

/** @internal The sandbox at a URL, replaced at each reset, and its request handler. */
export class World {
  #parts: SandboxParts & FurtherParts;
  readonly #sandboxes: Sandboxes | undefined;
  readonly #controls = new Controls(() => this.#sandbox);
  #sandbox: Sandbox;
  #handle: Handle;
  scenarios: Scenarios;

  /** @param sandboxes the sandboxes of the mock, for its own world. */
  constructor({ signingKey, ...parts }: WorldParts, sandboxes?: Sandboxes) {
    // They outlive a reset, so that tokens stay valid.
    this.#parts = { ...parts, signingKeys: new SigningKeys(signingKey) };
    this.#sandboxes = sandboxes;
    [this.#sandbox, this.#handle, this.scenarios] = this.#begin();
    this.#startScenario();
  }

  current(): Sandbox {
    this.scenarios.catchUp();
    return this.#sandbox;
  }

  has({ clientId, clientSecret }: ClientCredentials): boolean {
    return this.#sandbox.keys.find(clientId)?.clientSecret === clientSecret;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    this.scenarios.catchUp();
    this.#handle(request, response);
  }

  /** Replaces the sandbox by a new one. */
  reset(): void {
    this.close();
    this.#parts.tellReset();
    [this.#sandbox, this.#handle, this.scenarios] = this.#begin();
    this.#startScenario();
  }

  /** Goes on with other files. @returns a sentence for each thing that does not fit any more. */
  reload(files: Files): string[] {
    const [old, scenarios] = [this.#sandbox, this.scenarios];
    this.#parts = { ...this.#parts, ...files };
    [this.#sandbox, this.#handle, this.scenarios] = this.#begin(old);
    const lost = carryOver(old, this.#sandbox);
    this.scenarios.takeOver(scenarios);
    // Its secrets are those of the new one as well.
    old.keys.end();
    return lost;
  }

  close(): void {
    this.#sandbox.end();
  }

  #startScenario(): void {
    if (this.#parts.scenario) this.scenarios.begin(this.#parts.scenario);
  }

  #begin(kept?: Sandbox): [Sandbox, Handle, Scenarios] {
    const sandbox = new Sandbox({ ...this.#parts, kept });
    const scenarios = new Scenarios(sandbox, this.#parts.readScenarios, () => handlers);
    const handlers = handlersFor(sandbox, this.#controls, {
      reset: () => this.reset(),
      sandboxes: this.#sandboxes,
      scenarios,
    });
    const { secrets } = sandbox.keys;
    const tell = (controlled: Controlled): void =>
      this.#parts.tellControl({ ...controlled, path: secrets.redact(controlled.path) });
    return [sandbox, createHandle(sandbox, control(handlers, tell)), scenarios];
  }
}
