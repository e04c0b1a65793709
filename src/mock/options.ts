import { packageFile } from '../util/files.ts';
import type { Finding } from './findings/findings.ts';
import type { ErrorStyle, Schedule, Sleep } from './state/environment.ts';
import type { Told } from './state/journal.ts';

/** The bundled specification. */
export const defaultSpec = packageFile('openapi/arzamed.yaml');

/** The bundled scenarios. */
export const defaultScenarios = packageFile('mocks/scenarios');

/** The bundled clinics. */
export const defaultClinics = packageFile('mocks/clinics');

export interface MockOptions {
  /** Where to listen. Default `127.0.0.1`, which only this machine reaches. */
  host?: string | undefined;
  /** Default 0: a free port, so that tests can run at the same time. */
  port?: number | undefined;
  /** An OpenAPI 3.0 or 3.1 file. Default: the bundled one. */
  spec?: string | undefined;
  /** A folder with one YAML file for each clinic. Default: the bundled ones; for another API, one account. */
  clinics?: string | undefined;
  /** The same as `clinics`; give one of them. */
  accounts?: string | undefined;
  /** The URL for clients behind a proxy or in a container; token URLs begin with it. Default: where it listens. */
  publicUrl?: string | undefined;
  /** A PEM file with the RSA private key that signs tokens, for several mocks of one public URL. Default: a new key. */
  signingKey?: string | undefined;
  /** The error format of the token endpoint. Default `rfc6749`. */
  errorStyle?: ErrorStyle | undefined;
  /** Seed of random events, such as a fault with a probability. Default 1. */
  seed?: number | undefined;
  /** How a fault waits, in milliseconds, until its client has gone or the mock closes. Default: by the machine's clock. */
  sleep?: Sleep | undefined;
  /** How the mock waits for retries, in real milliseconds. Default: by a timer that keeps no process alive. */
  schedule?: Schedule | undefined;
  /** A YAML file with provider states of your own: see docs/provider-states.md. */
  providerStates?: string | undefined;
  /** Whether URLs of photos lead to the mock itself, which serves a picture for each. Default: as in the files. */
  rewritePhotos?: boolean | undefined;
  /** A folder with one YAML file for each named scenario. Default: the bundled ones, for the bundled API. */
  scenarios?: string | undefined;
  /** The name of the scenario that runs from the start, and again after a reset. */
  scenario?: string | undefined;
  /** `bodies`: the journal keeps query, headers and body of each request, without secrets. Default: it keeps none. */
  record?: 'bodies' | undefined;
  /** Called with each request of the API after its answer. What it throws, also later, is dropped. */
  onAnswer?: ((answered: Told) => void) | undefined;
  /** Called at each reset, with the id of the sandbox if it has one. What it throws, also later, is dropped. */
  onReset?: ((sandbox: string | undefined) => void) | undefined;
  /** Called once with each finding. What it throws, also later, is dropped. */
  onFinding?: ((finding: Finding) => void) | undefined;
  /** The bearer token of the control API. Default: none on loopback, otherwise a random one. */
  controlToken?: string | undefined;
  /** `redis://HOST:PORT`, or `rediss://`: all mocks that name it are one. Default: memory of this process. */
  store?: string | undefined;
  /** The beginning of its keys in the store, where several mocks use it. Default `arzamed`. */
  storePrefix?: string | undefined;
  limits?: Partial<Limits> | undefined;
  /** The time in milliseconds since 1970 on which the mock's clock runs. Default: the machine's. */
  now?: (() => number) | undefined;
}

/** The limits of a mock. */
export interface Limits {
  /** Open connections; more are closed at once. Default 1,000. */
  connections: number;
  /** Bytes of the head of a request. Default 16,384; above: 431. */
  headerBytes: number;
  /** Seconds for the head of a request. Default 10; after that: 408. */
  headerSeconds: number;
  /** Seconds for the whole request. Default 30; after that: 408. */
  requestSeconds: number;
  /** Entries in the journal of each sandbox. Default 10,000. */
  journalEntries: number;
  /** Sandboxes at the same time. Default 1,000. */
  sandboxes: number;
  /** Seconds without a request after which a sandbox ends. Default 900. */
  sandboxIdleSeconds: number;
}

export const defaultLimits: Limits = {
  connections: 1000,
  headerBytes: 16_384,
  headerSeconds: 10,
  requestSeconds: 30,
  journalEntries: 10_000,
  sandboxes: 1000,
  sandboxIdleSeconds: 900,
};
