import { packageFile } from '../util/files.ts';
import type { Finding } from './findings/findings.ts';
import type { ErrorStyle, Schedule } from './state/environment.ts';
import type { Told } from './state/journal.ts';

/** The bundled specification. */
export const defaultSpec = packageFile('openapi/arzamed.yaml');

/** The bundled clinics. */
export const defaultClinics = packageFile('mocks/clinics');

export interface MockOptions {
  /** Where to listen. Default `127.0.0.1`, which only this machine reaches. */
  host?: string | undefined;
  /** Default 0: a free port, so that tests can run at the same time. */
  port?: number | undefined;
  /** An OpenAPI 3.0 or 3.1 file. Default: the bundled one. */
  spec?: string | undefined;
  /** A folder with one YAML file for each clinic. Default: the bundled ones. */
  clinics?: string | undefined;
  /**
   * The URL under which clients reach the mock, if it is not where it listens: behind a proxy, a load balancer or in a
   * container. Token URLs and the issuer of tokens begin with it.
   */
  publicUrl?: string | undefined;
  /**
   * A PEM file with the RSA private key that signs tokens, so that several mocks of one public URL accept each other's.
   * Default: a new one.
   */
  signingKey?: string | undefined;
  /** How the token endpoint words its errors. Default `rfc6749`. */
  errorStyle?: ErrorStyle | undefined;
  /** Seed of what happens by chance, such as a fault of some probability. Default 1. */
  seed?: number | undefined;
  /** How a fault waits, in milliseconds. Default: by the machine's clock. */
  sleep?: ((milliseconds: number) => Promise<void>) | undefined;
  /** How the mock waits for retries, in milliseconds of the machine. Default: by a timer that keeps no process alive. */
  schedule?: Schedule | undefined;
  /** Called with each request of the API when it has been answered. What it throws, also later, is dropped. */
  onAnswer?: ((answered: Told) => void) | undefined;
  /** Called at each reset, with the id of the sandbox if it was that of one. What it throws, also later, is dropped. */
  onReset?: ((sandbox: string | undefined) => void) | undefined;
  /** Called with each finding once, when it is first seen. What it throws, also later, is dropped. */
  onFinding?: ((finding: Finding) => void) | undefined;
  /**
   * What requests of the control API must present as their bearer token. Default: none where the mock listens on this
   * machine alone, otherwise a random one.
   */
  controlToken?: string | undefined;
  /** What the mock takes before it refuses. */
  limits?: Partial<Limits> | undefined;
  /** The time in milliseconds since 1970 on which the mock's clock stands. Default: the machine's. */
  now?: (() => number) | undefined;
}

/** What a mock takes before it refuses. */
export interface Limits {
  /** Connections that may be open; more are closed at once. Default 1,000. */
  connections: number;
  /** Bytes that the head of a request may have. Default 16,384; above: 431. */
  headerBytes: number;
  /** Seconds in which the head of a request must have come. Default 10; after that: 408. */
  headerSeconds: number;
  /** Seconds in which the whole request must have come. Default 30; after that: 408. */
  requestSeconds: number;
  /** Entries that the journal of each sandbox keeps. Default 10,000. */
  journalEntries: number;
  /** Sandboxes that there may be. Default 1,000. */
  sandboxes: number;
  /** Seconds after which a sandbox ends that got no request. Default 900. */
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
