import { basename } from 'node:path';
import type { TestFile } from './protocol.ts';

/** Which test file is likely to kill a mutant soonest: the one of the same name, then those that killed most, then the quick ones. */
export class TestOrder {
  readonly #spare: number;
  readonly #files: readonly string[];
  readonly #times: Readonly<Record<string, number>>;
  readonly #kills = new Map<string, number>();

  /** @param times milliseconds by file. */
  /** @param spare milliseconds that each file gets beside three times its own. */
  constructor(files: readonly string[], times: Readonly<Record<string, number>>, spare: number) {
    this.#spare = spare;
    this.#files = files;
    this.#times = times;
  }

  /** The test files for a mutant of a source file, the most promising first. */
  of(source: string): TestFile[] {
    const kills = (file: string): number => this.#kills.get(`${source} ${file}`) ?? 0;
    const isNamesake = (file: string): boolean => basename(file, '.test.ts') === basename(source, '.ts');
    const time = (file: string): number => this.#times[file] ?? 0;
    const sorted = this.#files.toSorted(
      (a, b) => kills(b) - kills(a) || Number(isNamesake(b)) - Number(isNamesake(a)) || time(a) - time(b),
    );
    // The first run had modules to load, as a new worker has.
    return sorted.map((file) => ({ file, patience: this.#spare + time(file) * 3 }));
  }

  note(source: string, file: string): void {
    const key = `${source} ${file}`;
    this.#kills.set(key, (this.#kills.get(key) ?? 0) + 1);
  }
}
