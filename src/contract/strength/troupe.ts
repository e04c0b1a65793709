import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '../provider/temporary-folder.ts';
import { readResults, type Mismatch } from '../provider/verifier-results.ts';
import { Verifier } from '../provider/verifier.ts';
import type { Contract } from '../provider/verify-provider.ts';
import type { OpenPlay } from './stage.ts';

/** Some of Pact's verifiers, which play at the same time. */
export class Troupe implements AsyncDisposable {
  readonly #verifiers: readonly Verifier[];
  readonly #folder: TemporaryFolder;
  readonly #written = new Map<string, string>();
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
  async play(contract: Contract, index: number, { providerUrl, statesUrl }: OpenPlay): Promise<Mismatch[] | undefined> {
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
  async #write({ file, content }: Contract, index: number): Promise<string> {
    const key = `${file} ${index}`;
    const known = this.#written.get(key);
    if (known !== undefined) return known;
    const path = join(this.#folder.path, `${this.#written.size}.json`);
    this.#written.set(key, path);
    const { interactions }: Partial<Record<string, unknown>> = Object(content);
    const only = Array.isArray(interactions) ? [interactions[index]] : [];
    await writeFile(path, JSON.stringify({ ...Object(content), interactions: only }));
    return path;
  }
}
