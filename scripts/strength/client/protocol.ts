import type { SourceMutant } from './source-mutants.ts';

export interface TestFile {
  file: string;
  /** For one of its tests, in milliseconds. */
  patience: number;
}

/** What a worker is to run. */
export interface Run {
  id: number;
  /** Undefined for the client as it is. */
  mutant: SourceMutant | undefined;
  /** Folders whose modules are read anew: those of the source and of its tests. */
  fresh: readonly string[];
  /** In this order. */
  files: readonly TestFile[];
}

/** Said before a file is run, so that one which does not end is noticed. */
export interface Begun {
  begun: string;
}

/** What came of it. */
export interface Ran {
  id: number;
  /** The first test that failed; undefined where all passed. */
  failed?: { file: string; test: string };
  /** Milliseconds by file, for those that were run. */
  times: Record<string, number>;
}
