import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '../provider/temporary-folder.ts';
import { readResults, type Mismatch } from '../provider/verifier-results.ts';
import { Verifier } from '../../verify/provider/pact-verifier.ts';
import type { PactFile } from '../../verify/provider/verify-provider.ts';
import type { OpenPlay } from './stage.ts';

/** Some of Pact's verifiers, which play at the same time. */
export class Troupe implements AsyncDisposable {
  readonly #verifiers: readonly Verifier[];
  readonly #folder: TemporaryFolder;
  readonly #written = new Map<PactFile, Map<number, string>>();
  #files = 0;
  readonly #idle: Verifier[];
  readonly #waiting: ((verifier: Verifier) => void)[] = [];

  private constructor(verifiers: readonly Verifier[], folder: TemporaryFolder) {
    this.#verifiers = verifiers;
    this.#folder = folder;
    this.#idle = [...verifiers];
  }

  /** @throws Problem if Pact's verifier is not installed. */
  static async gather(size: number): Promise<Troupe> {
    const verifiers = await Promise.all(Array.from({ length: size }, () => Verifier.start()));
    return new Troupe(verifiers, await temporaryFolder());
  }

  /** Plays one interaction. Gives where the answer is not as the contract demands, or undefined where it could not be played. */
  async play(contract: PactFile, index: number, { providerUrl, statesUrl }: OpenPlay): Promise<Mismatch[] | undefined> {
    const file = await this.#write(contract, index);
    const verifier = this.#idle.pop() ?? (await new Promise<Verifier>((resolve) => this.#waiting.push(resolve)));
    try {
      const text = await verifier.verify({
        providerBaseUrl: providerUrl,
        providerStatesSetupUrl: statesUrl,
        providerStatesSetupBody: true,
        pactUrls: [file],
        followRedirects: false,
      });
      const [result] = readResults(text) ?? [];
      return result?.mismatches;
    } finally {
      const next = this.#waiting.shift();
      if (next) next(verifier);
      else this.#idle.push(verifier);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#verifiers.map((verifier) => verifier[Symbol.asyncDispose]()));
    await this.#folder[Symbol.asyncDispose]();
  }

  /** The contract with one interaction alone, as a file. */
  async #write(contract: PactFile, index: number): Promise<string> {
    const written = this.#written.get(contract) ?? new Map<number, string>();
    this.#written.set(contract, written);
    const known = written.get(index);
    if (known !== undefined) return known;
    this.#files += 1;
    const path = join(this.#folder.path, `${this.#files}.json`);
    const { interactions }: Partial<Record<string, unknown>> = Object(contract.content);
    const only = Array.isArray(interactions) ? [interactions[index]] : [];
    await writeFile(path, JSON.stringify({ ...Object(contract.content), interactions: only }));
    written.set(index, path);
    return path;
  }
}
