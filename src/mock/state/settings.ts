import type { Api } from '../../openapi/api.ts';
import type { ClientCredentials } from '../auth/authorization.ts';
import type { Clinic } from '../clinics/clinic.ts';
import type { Finding } from '../findings/findings.ts';
import type { Answers } from '../prism/answers.ts';
import type { ErrorStyle, Schedule } from './environment.ts';
import type { Told } from './journal.ts';
import type { SigningKey } from './signing-keys.ts';

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
  /** Comes back to a request that may never be tried again. */
  schedule: Schedule;
  /** Is told of each request of the API that was answered. */
  tell: (answered: Told) => void;
  /** How many tokens are remembered whose signature was found good. */
  verifiedTokens: number;
  /** Entries that the journal keeps. */
  journalEntries: number;
  /** What a request of the control API must present, if anything. */
  controlToken: string | undefined;
  /** Is told that everything was made as it was at the start, with the id of the sandbox if it was one. */
  tellReset: (sandbox?: string) => void;
  /** Whether any world of the mock has a key with this secret. */
  knowsKey: (credentials: ClientCredentials) => boolean;
  /** Is told of each finding once. */
  tellFinding: (finding: Finding) => void;
}
