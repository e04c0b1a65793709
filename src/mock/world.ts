import type { IncomingMessage, ServerResponse } from 'node:http';
import { operationTable } from '../generated/control/operations.ts';
import { messageOf } from '../util/errors.ts';
import type { ClientCredentials } from './auth/authorization.ts';
import { checkRequest } from './control/check-request.ts';
import { ControlError, statusOfCode } from './control/control-error.ts';
import { Controls } from './control/controls.ts';
import { handlersFor, type OtherSandboxes } from './control/handlers.ts';
import type { NamedScenario } from './control/read-scenarios.ts';
import { carryOut, control, type Carry, type Controlled, type Handlers } from './control/router.ts';
import { Scenarios } from './control/scenarios.ts';
import type { SetFault, Struck } from './faults/faults.ts';
import { createHandle } from './http/app.ts';
import { jsonReply, sendReply } from './http/reply.ts';
import { enterAnyhow, unavailable, type Shared } from './http/shared.ts';
import type { Handle } from './http/server.ts';
import { Gone, inMoment, isOfReplica, moment, Replica, type NamedKey } from './replica.ts';
import type { Remade } from './open-store.ts';
import { paths, servedOperations } from './routing/paths.ts';
import { howToMakeOne } from './routing/route.ts';
import { carryOver } from './state/carry-over.ts';
import type { Action, ItemChange, Outcome, SeenBeside } from './state/change.ts';
import type { IssuedSecrets } from './state/issued-secrets.ts';
import type { Answered } from './state/journal.ts';
import { Sandbox, type SandboxParts } from './state/sandbox.ts';
import { makeSigningKey, pemOf, readSigningKey, SigningKeys, type SigningKey } from './state/signing-keys.ts';
import { Away, Full, type Effect, type Made, type Store } from './state/store.ts';

/** What the worlds of a mock are made of. */
export type WorldParts = Omit<SandboxParts, 'signingKeys' | 'makeSigningKey'> & {
  signingKey: SigningKey;
} & FurtherParts;

interface FurtherParts {
  /** Reads the named scenarios, when they are first needed. */
  readScenarios: () => Promise<readonly NamedScenario[]>;
  /** The one that runs from the start. */
  scenario: NamedScenario | undefined;
  /** What other replicas issue; undefined without any. */
  issued?: IssuedSecrets | undefined;
  /** Called with each call of the control API. */
  tellControl: (controlled: Controlled) => void;
}

/** What follows from the files of a mock. */
export type Files = Pick<WorldParts, 'api' | 'clinics' | 'answers' | 'photos' | 'ownStates' | 'readScenarios'>;

/** Where a world is kept in common for several replicas. */
interface InCommon {
  store: Store;
  name: string;
  made: Made;
  /** Milliseconds without a request after which it ends; undefined for never. */
  idle?: number;
  /** Makes it again where the store was emptied. */
  remake?: () => Promise<Remade>;
  lookAround?: () => Promise<boolean>;
  warn?: (sentence: string) => void;
}

/** The sandbox at a URL, replaced at each reset, and its request handler. */
export class World {
  #parts: SandboxParts & FurtherParts;
  #first: SigningKey;
  readonly #sandboxes: OtherSandboxes | undefined;
  readonly #controls = new Controls(() => this.#sandbox);
  readonly #shared: Shared | undefined;
  readonly #store: { store: Store; name: string } | undefined;
  /** The names in the store of keys that it has made, and keys that are not there yet. */
  readonly #keyNames = new Map<SigningKey, string>();
  readonly #comingKeys = new Set<Promise<unknown>>();
  /** Since the log last said what they have changed. */
  #strikes = 0;
  #hasEnded = false;
  #sandbox: Sandbox;
  #handle: Handle;
  #handlers: Handlers;
  scenarios: Scenarios;

  /** @param sandboxes those of the mock, for its own world. @param common where replicas share it. */
  constructor({ signingKey, ...parts }: WorldParts, sandboxes?: OtherSandboxes, common?: InCommon) {
    this.#first = signingKey;
    this.#store = common;
    // They outlive a reset, so that tokens stay valid.
    const signingKeys = new SigningKeys(signingKey);
    this.#parts = { ...parts, signingKeys, makeSigningKey: common ? () => this.#sharedKey() : makeSigningKey };
    this.#sandboxes = sandboxes;
    this.#shared = common && this.#share(common);
    [this.#sandbox, this.#handle, this.#handlers, this.scenarios] = this.#begin();
    this.#startScenario();
  }

  /** Reads what other replicas did. @throws Away, Gone */
  async start(): Promise<void> {
    await this.#shared?.replica.start();
  }

  get isShared(): boolean {
    return this.#shared !== undefined;
  }

  get hasEnded(): boolean {
    return this.#hasEnded || this.#shared?.replica.hasEnded === true;
  }

  current(): Sandbox {
    if (!this.#shared) this.scenarios.catchUp();
    return this.#sandbox;
  }

  has({ clientId, clientSecret }: ClientCredentials): boolean {
    return this.#sandbox.keys.find(clientId)?.clientSecret === clientSecret;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    if (this.#shared) return void this.#handleShared(request, response, this.#shared.replica);
    this.scenarios.catchUp();
    this.#handle(request, response);
  }

  /** Writes a record into the journal of a request that could not be read. */
  record(answered: Answered, seen: SeenBeside): void {
    if (!this.#shared) return this.#sandbox.record(answered, seen);
    // Nothing depends on it.
    enterAnyhow(this.#sandbox, this.#shared.replica, answered, seen).catch(() => {});
  }

  /** Replaces the sandbox by a new one. */
  reset(): void {
    this.#sandbox.end();
    this.#parts.tellReset();
    [this.#sandbox, this.#handle, this.#handlers, this.scenarios] = this.#begin();
    this.#startScenario();
  }

  /** Goes on with other files. @returns a sentence for each thing that does not fit any more. */
  reload(files: Files): string[] {
    const [old, scenarios] = [this.#sandbox, this.scenarios];
    this.#parts = { ...this.#parts, ...files };
    [this.#sandbox, this.#handle, this.#handlers, this.scenarios] = this.#begin(old);
    const lost = carryOver(old, this.#sandbox);
    this.scenarios.takeOver(scenarios);
    // Its secrets are those of the new one as well.
    old.keys.end();
    return lost;
  }

  /** Gets to know the secrets that other replicas issued, before a text is shown. Whether there was one. @throws Away */
  async learn(): Promise<boolean> {
    return (await this.#parts.issued?.learn()) ?? false;
  }

  close(): void {
    this.#hasEnded = true;
    this.#shared?.replica.end();
    this.#sandbox.end();
  }

  #startScenario(): void {
    if (this.#parts.scenario) this.scenarios.begin(this.#parts.scenario);
  }

  #begin(kept?: Sandbox): [Sandbox, Handle, Handlers, Scenarios] {
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
    const carry: Carry | undefined = this.#shared && ((...call) => this.#carryShared(...call));
    return [sandbox, createHandle(sandbox, control(handlers, tell, carry), this.#shared), handlers, scenarios];
  }

  #share({ store, name, made, idle, remake, lookAround = async () => false, warn = () => {} }: InCommon): Shared {
    const bounds = { idle, entries: this.#parts.journalEntries };
    const replica = new Replica(store, name, made, bounds, {
      apply: (action) => this.#apply(action),
      see: (id, { answered, seen }) => {
        if (id > this.#sandbox.journal.newest + 1) this.#sandbox.journal.skip(id - 1);
        this.#sandbox.share(answered, seen);
      },
      skip: (id) => this.#sandbox.journal.skip(id),
      newest: () => this.#sandbox.journal.newest,
      isFollowed: () => this.#sandbox.journal.isFollowed,
      keys: () =>
        this.#parts.signingKeys.all().map(({ key, until }): NamedKey => {
          return [this.#keyNames.get(key) ?? firstKey, until === Infinity ? null : until];
        }),
      useKeys: async (keys) => {
        const all = keys.map(async ([key, until]) => ({ key: await this.#keyOf(key), until: until ?? Infinity }));
        this.#parts.signingKeys.use(await Promise.all(all));
      },
      begin: async (again) => {
        this.#parts = { ...this.#parts, signingKeys: new SigningKeys(this.#first) };
        inMoment(again, () => this.reset());
      },
      warn,
      remake:
        remake &&
        (async () => {
          const { made: again, url, signingKey } = await remake();
          this.#first = signingKey;
          this.#parts = { ...this.#parts, url };
          return again;
        }),
    });
    return {
      replica,
      again: (request, response) => this.handle(request, response),
      strike: async (action, epoch) => {
        // One that uses a fault up says in the log that it is gone.
        const effect = this.#sandbox.faults.isNearEndFor(action.operation) ? '' : 'strike';
        const struck = await replica.change(action, async () => this.#strike(action), { epoch, effect });
        if (this.#strikes >= mostStrikes) this.#gatherStrikes(replica);
        return struck;
      },
      changeItems: (action, epoch) => replica.change(action, async () => this.#changeItems(action), { epoch }),
      lookAround,
      learn: () => this.learn(),
    };
  }

  async #handleShared(request: IncomingMessage, response: ServerResponse, replica: Replica): Promise<void> {
    try {
      while (!replica.hasEnded && !replica.isAway && (!replica.isSettled || this.scenarios.isDue)) {
        await replica.settled();
        if (!this.scenarios.isDue) continue;
        await replica.change({ kind: 'steps' }, async () => this.#takeSteps());
        await this.#tellIssued();
      }
    } catch (error) {
      if (!isOfReplica(error)) throw error;
      // Only a reset helps a store that is full.
      const isReset = error instanceof Full && request.url?.startsWith(paths.control);
      if (error instanceof Away && !isReset)
        return sendReply(response, unavailable(messageOf(error), this.#sandbox, request));
    }
    if (replica.hasEnded)
      return sendReply(response, jsonReply(404, { message: `The sandbox was ended. ${howToMakeOne}` }));
    if (replica.isAway) return sendReply(response, unavailable(away, this.#sandbox, request));
    this.#handle(request, response);
  }

  #carryShared: Carry = async (id, path, query, body) => {
    const replica = this.#shared?.replica;
    const carry: Carry = (...call) => carryOut(this.#handlers, ...call);
    try {
      checkRequest(id, path, query, body);
      // The log shows its path.
      const hasText = Object.keys(path).length > 0;
      await Promise.all([replica?.catchUp(), hasText ? this.learn() : undefined]);
      const isRead =
        operationTable[id].method === 'GET' && !(id === 'listFaults' && !this.#sandbox.faults.hasNoneEnded);
      if (!replica || isRead || /^(?:checkAnswer|createSandbox|endSandbox)$/.test(id)) {
        return await carry(id, path, query, body);
      }
      const action: Action = { kind: 'control', operation: id, path, query: query.toString(), body };
      const effect: Effect = id === 'reset' ? 'reset' : id === 'clearJournal' ? 'clear' : '';
      const act = async (): Promise<Awaited<ReturnType<Carry>>> => {
        const answer = await carry(id, path, query, body);
        await this.#keysHaveCome();
        return answer;
      };
      const { value } = await replica.change(action, act, { effect });
      await this.#tellIssued();
      return value;
    } catch (error) {
      if (error instanceof ControlError) return carry(id, path, query, body);
      if (error instanceof Full) return jsonReply(statusOfCode.too_many, { message: error.message });
      if (error instanceof Gone) return jsonReply(404, { message: `The sandbox was ended. ${howToMakeOne}` });
      if (!isOfReplica(error)) throw error;
      return jsonReply(503, { message: `${away} ${messageOf(error)}` }, { 'Retry-After': '1' });
    }
  };

  async #apply(action: Action): Promise<void> {
    if (action.kind === 'steps') await this.#takeSteps();
    else if (action.kind === 'strike') this.#strike(action);
    else if (action.kind === 'struck') this.#takeStruck(action.struck);
    else if (action.kind === 'items') await this.#changeItems(action);
    else {
      const { operation, path, query, body } = action;
      await carryOut(this.#handlers, operation, path, new URLSearchParams(query), body);
    }
    await this.#keysHaveCome();
  }

  #strike({ operation, clinic }: Action & { kind: 'strike' }): SetFault | undefined {
    this.#strikes += 1;
    const struck = servedOperations(this.#sandbox.api).find(({ id }) => id === operation);
    return struck && this.#sandbox.faults.strike(struck, clinic);
  }

  /** Puts what strikes have changed in their place, so that the log has only the last of them. */
  #gatherStrikes(replica: Replica): void {
    this.#strikes = 0;
    const gather = (): Action => ({ kind: 'struck', struck: this.#sandbox.faults.struck });
    // If it fails, more strikes bring the next.
    replica.change(gather, async () => this.#takeStruck(undefined), { effect: 'struck' }).catch(() => {});
  }

  #takeStruck(struck: Struck | undefined): void {
    this.#strikes = 0;
    if (struck) this.#sandbox.faults.struck = struck;
  }

  async #changeItems(action: ItemChange): Promise<Outcome> {
    const { changeItems } = await import('./collections/answer.ts');
    return changeItems(this.#sandbox, action);
  }

  /** Tells the other replicas which secrets they must hide from now on. */
  async #tellIssued(): Promise<void> {
    const { keys } = this.#sandbox;
    await this.#parts.issued?.tell(keys.list().filter(({ clientId }) => keys.isIssued(clientId)));
  }

  async #takeSteps(): Promise<void> {
    this.scenarios.catchUp();
    await this.#keysHaveCome();
  }

  /** A key of the change that is being carried out: that of the replica that was first to make it. */
  #sharedKey(): Promise<SigningKey> {
    const name = moment()?.newId() ?? firstKey;
    const coming = this.#keyOf(name);
    this.#comingKeys.add(coming);
    return coming;
  }

  async #keyOf(name: string): Promise<SigningKey> {
    const known = [...this.#keyNames].find(([, each]) => each === name)?.[0];
    if (known || name === firstKey || !this.#store) return known ?? this.#first;
    const { store, name: world } = this.#store;
    const pem = (await store.secret(world, name)) ?? (await store.keep(world, name, pemOf(await makeSigningKey())));
    const key = await readSigningKey(pem);
    this.#keyNames.set(key, name);
    return key;
  }

  async #keysHaveCome(): Promise<void> {
    const coming = [...this.#comingKeys];
    this.#comingKeys.clear();
    await Promise.all(coming);
  }
}

/** In the log of changes, which each new replica carries out. */
const mostStrikes = 1000;
const away = 'The store of this mock is away.';
/** The name of the key that signs tokens from the start. */
const firstKey = 'first';
