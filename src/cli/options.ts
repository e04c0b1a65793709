import type { Shell } from '../intercept/child/print-environment.ts';
import type { Severity } from '../mock/findings/rules.ts';
import type { ErrorStyle } from '../mock/state/environment.ts';
import type { BrokerOptions } from './broker-options.ts';
import type { Scenario } from './scenario.ts';

/** It holds; it does not hold; it was used wrongly or cannot run. */
export type ExitCode = 0 | 1 | 2;

export interface MockCommandOptions extends Scenario {
  host: string;
  port: number;
  spec?: string;
  clinics?: string;
  publicUrl?: string;
  signingKey?: string;
  errorStyle: ErrorStyle;
  controlToken?: string | undefined;
  /** For programs that name the real hosts: how to print their environment. */
  printEnv?: Shell;
  clinic?: string;
  interceptHost?: string[];
  allowNetwork?: boolean;
  json?: boolean;
}

export interface ExecOptions extends Scenario {
  spec?: string;
  clinics?: string;
  clinic?: string;
  host?: string[];
  allowNetwork?: boolean;
  errorStyle: ErrorStyle;
  report?: string[];
  failOn?: Extract<Severity, 'warn' | 'error'>;
  quiet?: boolean;
}

export interface VerifyOptions extends BrokerOptions {
  provider: string;
  states?: string;
  contracts?: string;
  base?: string;
  allowed?: string;
  spec?: string;
  clinics?: string;
  clinic?: string;
  budget?: number;
  report?: string[];
  json?: boolean;
  strict?: boolean;
  strength?: boolean;
}

export interface DiffOptions {
  contracts?: string;
  format: 'text' | 'json' | 'markdown' | 'github';
  json?: boolean;
}

export interface CollectOptions {
  out: string;
  check?: boolean;
}

export interface TypesOptions {
  spec?: string;
  out?: string;
  check?: boolean;
  allowRemote?: boolean;
}
