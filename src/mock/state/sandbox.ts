import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { readClientRules, type Api } from '../../openapi/api.ts';
import { serverUrl, type Operation } from '../../openapi/operations.ts';
import { fillTemplate } from '../../openapi/path-template.ts';
import type { ClientCredentials } from '../auth/authorization.ts';
import { VerifiedTokens } from '../auth/verified-tokens.ts';
import { accountWord } from '../clinics/account.ts';
import type { Clinic } from '../clinics/clinic.ts';
import type { OwnStates } from '../control/own-states.ts';
import { Faults } from '../faults/faults.ts';
import { Findings, type Finding } from '../findings/findings.ts';
import type { Secrets } from '../http/redact.ts';
import type { Answers } from '../prism/answers.ts';
import { paths, servedOperations, tokenTemplate } from '../routing/paths.ts';
import { Clock } from './clock.ts';
import { seededRandom, type Random } from '../../util/random.ts';
import type { ErrorStyle, Schedule, Sleep } from './environment.ts';
import { Collections } from './items.ts';
import { Journal, type Answered, type Told } from './journal.ts';
import { Keys } from './keys.ts';
import type { Memory } from './memory.ts';
import type { SigningKey, SigningKeys } from './signing-keys.ts';
import type { SeenBeside } from './change.ts';

export interface SandboxParts extends Pick<
  Sandbox,
  | 'api'
  | 'url'
  | 'answers'
  | 'photos'
  | 'errorStyle'
  | 'recordsBodies'
  | 'ownStates'
  | 'controlToken'
  | 'controlOrigin'
  | 'newId'
  | 'mayChange'
  | 'makeSigningKey'
  | 'knowsKey'
> {
  clinics: readonly Clinic[];
  signingKeys: SigningKeys;
  /** Those of all worlds of the mock: clients mix them up. */
  secrets: Secrets;
  /** What the worlds of the mock may keep, all together. */
  memory: Memory;
  sleep: Sleep;
  /** The time in milliseconds since 1970. */
  now: () => number;
  seed: number;
  schedule: Schedule;
  /** Called with each request that was answered. */
  tell: ((answered: Told) => void) | undefined;
  /** Called at a reset, with the id of the sandbox if it has one. */
  tellReset: (sandbox?: string) => void;
  tellFinding: (finding: Finding) => void;
  /** Called with each world that ends before the mock, while it still has its journal and findings. */
  tellEnd: (ended: Ended) => void;
  verifiedTokens: number;
  journalEntries: number;
  /** The sandbox whose clock, journal, findings and faults go on, since files have changed. */
  kept?: Sandbox | undefined;
}

const charactersOfKey = 300;
/** What is left of a world. */
export type Ended = Pick<Sandbox, 'journal' | 'findings'>;

/** All state of one running mock. Mocks share nothing; a reset makes a new one. */
export class Sandbox {
  readonly api: Api;
  /** Where clients reach it, without a slash at the end: `http://127.0.0.1:4010`. */
  readonly url: string;
  readonly answers: Answers;
  /** Answers requests for photos. */
  readonly photos: RequestHandler;
  readonly errorStyle: ErrorStyle;
  readonly recordsBodies: boolean;
  readonly ownStates: OwnStates;
  readonly controlToken: string | undefined;
  /** Where its control API is called: without a token, at the address of the mock alone. */
  readonly controlOrigin: string;
  readonly newId: () => string;
  /** Throws where the state may be changed through the control API alone. */
  readonly mayChange: () => void;
  /** Makes a key to sign tokens with from now on. */
  readonly makeSigningKey: () => Promise<SigningKey>;
  readonly clock: Clock;
  readonly keys: Keys;
  readonly signingKeys: SigningKeys;
  readonly memory: Memory;
  readonly fixtures: Fixtures;
  readonly collections: Collections;
  readonly random: Random;
  /** For what need not be the same on other replicas: numbers of its own, so that the others come in the same order. */
  readonly chance: Random;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly verified: VerifiedTokens;
  readonly findings: Findings;
  /** Whether any world of the mock has a key with this secret. */
  readonly knowsKey: (credentials: ClientCredentials) => boolean;
  readonly #tokenOperations: ReadonlySet<string>;
  readonly #tell: ((answered: Told) => void) | undefined;
  readonly #sleep: Sleep;
  /** Answers that wait; undefined once the sandbox has ended. */
  #waiting: Set<AbortController> | undefined = new Set();

  /** @throws ControlError `too_many` if the worlds of the mock keep too much already. */
  constructor(parts: SandboxParts) {
    const { api, clinics } = parts;
    const { kept } = parts;
    this.memory = kept?.memory ?? parts.memory.share();
    if (!kept) this.memory.take(clinics.reduce((sum, { keys }) => sum + keys.length * charactersOfKey, 1000));
    this.api = api;
    this.url = parts.url;
    this.answers = parts.answers;
    this.photos = parts.photos;
    this.errorStyle = parts.errorStyle;
    this.recordsBodies = parts.recordsBodies;
    this.ownStates = parts.ownStates;
    this.controlToken = parts.controlToken;
    this.controlOrigin = parts.controlOrigin;
    this.newId = parts.newId;
    this.mayChange = parts.mayChange;
    this.makeSigningKey = parts.makeSigningKey;
    this.#sleep = parts.sleep;
    this.knowsKey = parts.knowsKey;
    this.#tell = parts.tell;
    this.clock = kept?.clock ?? new Clock(parts.now, parts.mayChange);
    this.keys = new Keys(clinics, parts, this.clock, this.memory);
    this.signingKeys = parts.signingKeys;
    this.fixtures = new Fixtures(clinics, this.memory);
    this.collections = new Collections(clinics, this.memory);
    this.random = kept?.random ?? seededRandom(parts.seed);
    this.chance = kept?.chance ?? seededRandom(~parts.seed);
    const issuing = servedOperations(api).filter(({ issuesTokens }) => issuesTokens);
    this.#tokenOperations = new Set(issuing.map(({ id }) => id));
    this.verified = new VerifiedTokens(parts.verifiedTokens);
    this.faults = kept?.faults ?? new Faults(this.clock, (drawn) => seededRandom(parts.seed, drawn), this.memory);
    this.journal = kept?.journal ?? new Journal(parts.journalEntries, this.memory, () => this.#forget());
    this.findings =
      kept?.findings ??
      new Findings({
        said: readClientRules(api.document),
        word: accountWord(api),
        lifetime: api.tokens.lifetime,
        clock: this.clock,
        schedule: parts.schedule,
        tell: parts.tellFinding,
      });
  }

  /** How often anything that an answer depends on was changed. */
  get changes(): number {
    const { clock, keys, signingKeys, fixtures, faults } = this;
    return clock.moves + keys.changes + signingKeys.changes + fixtures.changes + faults.changes;
  }

  /** Waits so many milliseconds, but not after the response has closed or the sandbox has ended. */
  async wait(milliseconds: number, response: ServerResponse): Promise<void> {
    const waiting = this.#waiting;
    if (!waiting || response.closed) return;
    const over = new AbortController();
    const end = (): void => over.abort();
    const ended = once(over.signal, 'abort');
    waiting.add(over);
    response.once('close', end);
    await Promise.race([this.#sleep(milliseconds, over.signal), ended]);
    response.off('close', end);
    waiting.delete(over);
  }

  get hasEnded(): boolean {
    return this.#waiting === undefined;
  }

  end(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const each of waiting) each.abort();
    this.journal.end();
    this.findings.end();
    this.keys.end();
    this.memory.end(this.journal);
  }

  /** Records a request that was answered. @param seen its time and connection. */
  record(answered: Answered, seen: SeenBeside): void {
    const id = this.journal.record(answered, seen.ended);
    this.tell(id, answered, seen);
    this.#see(id, answered, seen);
  }

  /** Records a request that was answered by this replica, or another one, which has told of it. */
  share(answered: Answered, seen: SeenBeside): void {
    this.#see(this.journal.record(answered, seen.ended), answered, seen);
  }

  /** Tells of a request with its id in the journal. */
  tell(id: number, answered: Answered, seen: SeenBeside): void {
    if (!this.#tell) return;
    const effect = answered.fault === undefined ? undefined : this.faults.known(answered.fault)?.effect;
    const told = { id, time: new Date(seen.ended).toISOString(), ...answered };
    this.#tell(effect === undefined ? told : { ...told, effect });
  }

  #see(id: number, answered: Answered, seen: SeenBeside): void {
    const issuesTokens = this.#tokenOperations.has(answered.operationId ?? '');
    this.findings.see({ ...answered, ...seen, id, issuesTokens });
  }

  #forget(): void {
    this.mayChange();
    this.findings.clear();
  }

  issuer(clinic: string): string {
    return this.url + fillTemplate(paths.issuer, { clinic });
  }

  get baseUrl(): string {
    return this.url + serverUrl(this.api.document.servers).pathname.replace(/\/$/, '');
  }

  tokenUrl(clinic: string): string {
    return this.url + fillTemplate(tokenTemplate(this.api), { clinic });
  }
}

/** The answers of a sandbox's clinics: those of the files, until they are replaced. */
class Fixtures {
  readonly #files: ReadonlyMap<string, Clinic>;
  readonly #clinics: Map<string, Clinic>;
  readonly #memory: Memory;
  /** Characters of the replaced answers. */
  readonly #sizes = new Map<string, number>();
  /** How often an answer was replaced or restored. */
  changes = 0;

  constructor(clinics: readonly Clinic[], memory: Memory) {
    this.#memory = memory;
    this.#files = new Map(clinics.map((clinic) => [clinic.id, clinic]));
    this.#clinics = new Map(this.#files);
  }

  clinic(id: string): Clinic | undefined {
    return this.#clinics.get(id);
  }

  /** The first clinic with an answer to an operation that is open to all, and so tells no clinic. */
  ofOpen({ id, security }: Operation): Clinic | undefined {
    if (security.alternatives.length > 0) return undefined;
    return [...this.#clinics.values()].find(
      ({ responses, collections }) =>
        responses.has(id) ||
        collections?.some(({ collection }) => collection.operations.some(({ operation }) => operation.id === id)),
    );
  }

  ids(): string[] {
    return [...this.#clinics.keys()];
  }

  /** Replaces a clinic's answer to an operation. False if there is no such clinic. @throws ControlError `too_many`. */
  replace(id: string, operationId: string, body: unknown): boolean {
    if (this.#clinics.has(id)) this.#keep(`${id} ${operationId}`, JSON.stringify(body).length);
    return this.#change(id, (responses) => responses.set(operationId, body));
  }

  /** Restores the answer of a clinic's file. False if there is no such clinic. */
  restore(id: string, operationId: string): boolean {
    const file = this.#files.get(id)?.responses;
    this.#keep(`${id} ${operationId}`, 0);
    return this.#change(id, (responses) => {
      if (file?.has(operationId)) responses.set(operationId, file.get(operationId));
      else responses.delete(operationId);
    });
  }

  /** The answers that are not those of the files. */
  replaced(): { clinic: string; operationId: string; body: unknown }[] {
    return [...this.#sizes].flatMap(([answer, characters]) => {
      const [clinic = '', operationId = ''] = answer.split(' ');
      return characters > 0
        ? [{ clinic, operationId, body: this.#clinics.get(clinic)?.responses.get(operationId) }]
        : [];
    });
  }

  #keep(answer: string, characters: number): void {
    this.#memory.take(characters - (this.#sizes.get(answer) ?? 0));
    this.#sizes.set(answer, characters);
  }

  #change(id: string, change: (responses: Clinic['responses']) => void): boolean {
    const clinic = this.#clinics.get(id);
    if (!clinic) return false;
    this.changes += 1;
    const responses = new Map(clinic.responses);
    change(responses);
    this.#clinics.set(id, { ...clinic, responses });
    return true;
  }
}
