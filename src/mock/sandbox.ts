import type { Api } from '../spec/api.ts';
import { fillTemplate } from '../spec/path-template.ts';
import type { Answered } from './answered.ts';
import type { Answers } from './answers.ts';
import type { Clinic } from './clinics/clinic.ts';
import { Clock } from './clock.ts';
import type { ErrorStyle } from './error-style.ts';
import { Faults } from './faults/faults.ts';
import { Fixtures } from './fixtures.ts';
import { Journal } from './journal.ts';
import { Keys } from './keys.ts';
import { paths } from './paths.ts';
import { seededRandom, type Random } from './random.ts';
import { SigningKeys, type SigningKey } from './signing-keys.ts';

/** What a sandbox is made of. */
export interface SandboxParts {
  api: Api;
  clinics: readonly Clinic[];
  /** Where clients reach the mock, without a slash at the end: `http://127.0.0.1:4010`. */
  url: string;
  signingKey: SigningKey;
  answers: Answers;
  errorStyle: ErrorStyle;
  /** The time in milliseconds since 1970. */
  now: () => number;
  /** An id that nothing else has. */
  newId: () => string;
  /** Seed of everything that the sandbox does by chance. */
  seed: number;
  /** Waits, by the machine's clock. */
  sleep: (milliseconds: number) => Promise<void>;
  /** Is told of each request of the API that was answered. */
  tell: (answered: Answered) => void;
}

/** All state of one running mock. Two mocks in one process share nothing; to reset one is to make a new one. */
export class Sandbox {
  readonly api: Api;
  readonly url: string;
  readonly answers: Answers;
  readonly errorStyle: ErrorStyle;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly keys: Keys;
  readonly signingKeys: SigningKeys;
  readonly fixtures: Fixtures;
  readonly random: Random;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly tell: (answered: Answered) => void;
  readonly faults: Faults;
  readonly journal = new Journal();

  constructor({ api, clinics, url, signingKey, answers, errorStyle, now, newId, seed, sleep, tell }: SandboxParts) {
    this.api = api;
    this.url = url;
    this.answers = answers;
    this.errorStyle = errorStyle;
    this.newId = newId;
    this.clock = new Clock(now);
    this.keys = new Keys(clinics, this.clock, newId);
    this.signingKeys = new SigningKeys(signingKey);
    this.fixtures = new Fixtures(clinics);
    this.random = seededRandom(seed);
    this.sleep = sleep;
    this.tell = (answered) => {
      this.journal.record(answered, this.clock.now());
      tell(answered);
    };
    this.faults = new Faults(this.clock, this.random);
  }

  /** The issuer of a clinic's tokens. */
  issuer(clinic: string): string {
    return this.url + fillTemplate(paths.issuer, { clinic });
  }

  /** The clinic of an issuer, or undefined where it is nobody's here. */
  clinicOfIssuer(issuer: string): Clinic | undefined {
    const clinic = this.fixtures.clinic(issuer.slice(issuer.lastIndexOf('/') + 1));
    return clinic && this.issuer(clinic.id) === issuer ? clinic : undefined;
  }

  tokenUrl(clinic: string): string {
    return this.url + fillTemplate(paths.token, { clinic });
  }
}
