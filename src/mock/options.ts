import { packageFile } from '../util/files.ts';
import type { Finding } from './findings/findings.ts';
import type { ErrorStyle, Schedule } from './state/environment.ts';
import type { Told } from './state/journal.ts';

/** The specification that comes along. */
export const defaultSpec = packageFile('openapi/arzamed.yaml');

/** The clinics that come along. */
export const defaultClinics = packageFile('mocks/clinics');

export interface MockOptions {
  /** Where to listen. Default `127.0.0.1`, which only this machine reaches. */
  host?: string | undefined;
  /** Default 0: a free port, so that tests can run at the same time. */
  port?: number | undefined;
  /** An OpenAPI 3.0 or 3.1 file. Default: the one that comes along. */
  spec?: string | undefined;
  /** A folder with one YAML file for each clinic. Default: the ones that come along. */
  clinics?: string | undefined;
  /**
   * The URL under which clients reach the mock, if it is another than where it listens: behind a proxy, a balancer or in a
   * container. It stands in token URLs and in the issuer of tokens.
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
  /** How a fault waits, in milliseconds. Default: by the machine's clock; a test may want not to. */
  sleep?: ((milliseconds: number) => Promise<void>) | undefined;
  /**
   * How the mock comes back to a request that got no retry, in milliseconds of the machine. Default: by a timer that keeps
   * no process alive.
   */
  schedule?: Schedule | undefined;
  /** Is told of each request of the API when it has been answered. Default: nobody is. */
  onAnswer?: ((answered: Told) => void) | undefined;
  /** Is told of each reset, with the id of the sandbox if it was that of one. Default: nobody is. */
  onReset?: ((sandbox: string | undefined) => void) | undefined;
  /** Is told of each finding once, when it is first seen. Default: nobody is. */
  onFinding?: ((finding: Finding) => void) | undefined;
  /**
   * What requests of the control API must present as their bearer token. Default: none where the mock listens on this
   * machine alone, otherwise one that is made up.
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
  /** Seconds after which a sandbox that nobody asked ends. Default 900. */
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
