import { readClientRules, type Api } from '../../openapi/api.ts';
import { serverUrl } from '../../openapi/operations.ts';
import { fillTemplate } from '../../openapi/path-template.ts';
import type { ClientCredentials } from '../auth/authorization.ts';
import { VerifiedTokens } from '../auth/verified-tokens.ts';
import type { Clinic } from '../clinics/clinic.ts';
import { Faults } from '../faults/faults.ts';
import { Findings } from '../findings/findings.ts';
import type { Seen } from '../findings/rules.ts';
import type { Answers } from '../prism/answers.ts';
import { paths } from '../routing/paths.ts';
import { Clock } from './clock.ts';
import { seededRandom, type ErrorStyle, type Random } from './environment.ts';
import { Journal, type Answered, type Told } from './journal.ts';
import { Keys } from './keys.ts';
import type { SandboxParts } from './settings.ts';
import { SigningKeys } from './signing-keys.ts';

/** All state of one running mock. Two mocks in one process share nothing; to reset one is to make a new one. */
export class Sandbox {
  readonly api: Api;
  readonly url: string;
  readonly answers: Answers;
  readonly errorStyle: ErrorStyle;
  readonly controlToken: string | undefined;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly keys: Keys;
  readonly signingKeys: SigningKeys;
  readonly fixtures: Fixtures;
  readonly random: Random;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly verified: VerifiedTokens;
  readonly findings: Findings;
  /** Whether any world of the mock has a key with this secret. */
  readonly knowsKey: (credentials: ClientCredentials) => boolean;
  readonly #tokenOperations: ReadonlySet<string>;
  readonly #tell: (answered: Told) => void;

  constructor(parts: SandboxParts) {
    const { api, clinics, url, signingKey, answers, errorStyle, controlToken } = parts;
    const { now, newId, seed, sleep, tell, tellFinding } = parts;
    this.api = api;
    this.url = url;
    this.answers = answers;
    this.errorStyle = errorStyle;
    this.controlToken = controlToken;
    this.newId = newId;
    this.clock = new Clock(now);
    this.keys = new Keys(clinics, this.clock, newId);
    this.signingKeys = new SigningKeys(signingKey);
    this.fixtures = new Fixtures(clinics);
    this.random = seededRandom(seed);
    this.sleep = sleep;
    this.knowsKey = parts.knowsKey;
    this.#tell = tell;
    this.#tokenOperations = new Set(api.operations.filter(({ issuesTokens }) => issuesTokens).map(({ id }) => id));
    this.verified = new VerifiedTokens(parts.verifiedTokens);
    this.faults = new Faults(this.clock, this.random);
    this.journal = new Journal(parts.journalEntries, () => this.findings.clear());
    this.findings = new Findings({
      said: readClientRules(api.document),
      lifetime: api.tokens.lifetime,
      clock: this.clock,
      schedule: parts.schedule,
      tell: tellFinding,
    });
  }

  /** How often anything was changed that an answer depends on. */
  get changes(): number {
    const { clock, keys, signingKeys, fixtures, faults } = this;
    return clock.moves + keys.changes + signingKeys.changes + fixtures.changes + faults.changes;
  }

  /** Another one is put in its place, or the mock is closed. */
  end(): void {
    this.journal.end();
    this.findings.end();
  }

  /**
   * Takes down a request that was answered.
   * @param seen when and on which connection it came.
   */
  record(answered: Answered, seen: Pick<Seen, 'began' | 'ended' | 'ticks' | 'connection'>): void {
    const { began, ended, ticks, connection } = seen;
    const id = this.journal.record(answered, ended);
    this.#tell(answered);
    this.findings.see({
      ...answered,
      id,
      began,
      ended,
      ticks,
      connection,
      issuesTokens: this.#tokenOperations.has(answered.operationId ?? ''),
      clockMoves: this.clock.moves,
      keyChanges: this.keys.changes,
    });
  }

  /** The issuer of a clinic's tokens. */
  issuer(clinic: string): string {
    return this.url + fillTemplate(paths.issuer, { clinic });
  }

  /** The URL under which the paths of the specification stand. */
  get baseUrl(): string {
    return this.url + serverUrl(this.api.document.servers).pathname.replace(/\/$/, '');
  }

  tokenUrl(clinic: string): string {
    return this.url + fillTemplate(paths.token, { clinic });
  }
}

/** What each clinic of a sandbox answers: as its file has it, until it is replaced. */
class Fixtures {
  readonly #files: ReadonlyMap<string, Clinic>;
  readonly #clinics: Map<string, Clinic>;
  #changes = 0;

  constructor(clinics: readonly Clinic[]) {
    this.#files = new Map(clinics.map((clinic) => [clinic.id, clinic]));
    this.#clinics = new Map(this.#files);
  }

  /** How often an answer was replaced or restored. */
  get changes(): number {
    return this.#changes;
  }

  clinic(id: string): Clinic | undefined {
    return this.#clinics.get(id);
  }

  /** The ids of the clinics, in order. */
  ids(): string[] {
    return [...this.#clinics.keys()];
  }

  /** Gives a clinic another answer to an operation. False where there is no such clinic. */
  replace(id: string, operationId: string, body: unknown): boolean {
    const clinic = this.#clinics.get(id);
    if (!clinic) return false;
    this.#changes += 1;
    this.#clinics.set(id, { ...clinic, responses: new Map([...clinic.responses, [operationId, body]]) });
    return true;
  }

  /** Gives a clinic the answer of its file again. False where there is no such clinic. */
  restore(id: string, operationId: string): boolean {
    const file = this.#files.get(id);
    const clinic = this.#clinics.get(id);
    if (!file || !clinic) return false;
    this.#changes += 1;
    const responses = new Map(clinic.responses);
    responses.delete(operationId);
    if (file.responses.has(operationId)) responses.set(operationId, file.responses.get(operationId));
    this.#clinics.set(id, { ...clinic, responses });
    return true;
  }
}
