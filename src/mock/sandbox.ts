import type { Api } from '../spec/api.ts';
import { fillTemplate } from '../spec/path-template.ts';
import type { Answers } from './answers.ts';
import type { Clinic, Key } from './clinics/clinic.ts';
import { Faults } from './faults.ts';
import { paths } from './paths.ts';
import type { SigningKeys } from './signing-keys.ts';

/** What a sandbox is made of. */
export interface SandboxParts {
  api: Api;
  clinics: readonly Clinic[];
  /** Where the mock listens, without a slash at the end: `http://127.0.0.1:4010`. */
  url: string;
  signingKeys: SigningKeys;
  answers: Answers;
  /** The time in milliseconds since 1970. */
  now: () => number;
  /** An id that no other token has. */
  newId: () => string;
}

/** All state of one running mock. Two mocks in one process share nothing; to reset one is to make a new one. */
export class Sandbox {
  readonly api: Api;
  readonly url: string;
  readonly signingKeys: SigningKeys;
  readonly answers: Answers;
  readonly now: () => number;
  readonly newId: () => string;
  readonly clinics: ReadonlyMap<string, Clinic>;
  readonly keys: ReadonlyMap<string, Key>;
  readonly faults = new Faults();

  constructor({ api, clinics, url, signingKeys, answers, now, newId }: SandboxParts) {
    this.api = api;
    this.url = url;
    this.signingKeys = signingKeys;
    this.answers = answers;
    this.now = now;
    this.newId = newId;
    this.clinics = new Map(clinics.map((clinic) => [clinic.id, clinic]));
    this.keys = new Map(clinics.flatMap(({ keys }) => keys.map((key) => [key.clientId, key] as const)));
  }

  /** The issuer of a clinic's tokens. */
  issuer(clinic: string): string {
    return this.url + fillTemplate(paths.issuer, { clinic });
  }

  tokenUrl(clinic: string): string {
    return this.url + fillTemplate(paths.token, { clinic });
  }
}
