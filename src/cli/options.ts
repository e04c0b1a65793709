import type { Shell } from '../intercept/child/print-environment.ts';
import type { Severity } from '../mock/findings/watches.ts';
import type { ErrorStyle } from '../mock/state/environment.ts';
import type { BrokerOptions } from './broker-options.ts';
import type { Scenario } from './scenario.ts';

/** 0: it holds; 1: it does not hold; 2: invalid use, or it cannot run. */
export type ExitCode = 0 | 1 | 2;

interface MockedOptions extends Scenario {
  spec?: string;
  clinics?: string;
  clinic?: string;
  allowNetwork?: boolean;
  envPrefix?: string;
  preload?: boolean;
  record?: 'bodies';
  providerStates?: string;
  errorStyle: ErrorStyle;
}

export interface MockCommandOptions extends MockedOptions {
  host: string;
  port: number;
  publicUrl?: string;
  signingKey?: string;
  controlToken?: string | undefined;
  printEnv?: Shell;
  interceptHost?: string[];
  json?: boolean;
}

export interface ExecOptions extends MockedOptions {
  host?: string[];
  report?: string[];
  failOn?: Extract<Severity, 'warn' | 'error'>;
  quiet?: boolean;
}

export interface CertifyOptions {
  spec?: string;
  clinics?: string;
  clinic?: string;
  allowNetwork?: boolean;
  envPrefix?: string;
  requirements?: string;
  only?: string[];
  list?: boolean;
  expected?: string;
  repeat: number;
  ready?: string;
  trigger?: string;
  patience: number;
  probe?: boolean;
  expectOutput?: RegExp;
  budget: number;
  jobs: number;
  report?: string[];
  check?: string;
  json?: boolean;
}

export interface VerifyOptions extends BrokerOptions {
  provider: string;
  states?: string;
  header?: string[];
  contracts?: string;
  base?: string;
  allowed?: string;
  accepted?: string;
  spec?: string;
  clinics?: string;
  clinic?: string;
  budget?: number;
  report?: string[];
  json?: boolean;
  strict?: boolean;
  showValues?: boolean;
  strength?: boolean;
}

export interface DiffOptions {
  contracts?: string;
  format: 'text' | 'json' | 'markdown' | 'github';
  json?: boolean;
  strict?: boolean;
}

export interface CollectOptions {
  out: string;
  check?: boolean;
}

export interface ClientCommandOptions {
  spec?: string;
  out: string;
  check?: boolean;
  allowRemote?: boolean;
  envPrefix?: string;
}

export interface TypesOptions {
  spec?: string;
  out?: string;
  check?: boolean;
  allowRemote?: boolean;
}
