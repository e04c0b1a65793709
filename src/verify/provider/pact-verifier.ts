import { spawn, type ChildProcess } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSea } from 'node:sea';
import { writeInteraction, type Contract, type Interaction, type State } from '../../pact/model.ts';
import { Problem } from '../../util/errors.ts';
import { packageFile, temporaryFolder, type TemporaryFolder } from '../../util/files.ts';
import { fieldsOf, parseJson, parseObject } from '../../util/json.ts';
import type { RelayUrls } from './relay.ts';

/** `VerifierOptions` of @pact-foundation/pact-core. */
export type VerifierRequest = Readonly<Record<string, unknown>>;

const command = 'npm install --save-dev @pact-foundation/pact-core@20.2.0';

export class Verifier implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #folder: TemporaryFolder;
  readonly #waiting = new Map<number, (text: string | undefined) => void>();
  #count = 0;
  #files = 0;

  private constructor(child: ChildProcess, folder: TemporaryFolder) {
    this.#child = child;
    this.#folder = folder;
    child.on('message', (message: unknown) => {
      const { id, text } = fieldsOf(message) ?? {};
      this.#settle(Number(id), String(text));
    });
    child.on('error', () => this.#end());
    child.on('exit', () => this.#end());
  }

  /**
   * Starts the verifier.
   * @param places paths, not necessarily of existing files, from which to look for the package; the first wins.
   * @throws Problem with the install command if it is missing or cannot run on this machine, or with another way.
   */
  static async start(
    places: readonly string[] = [join(process.cwd(), 'any.js'), packageFile('any.js')],
    environment: NodeJS.ProcessEnv = process.env,
  ): Promise<Verifier> {
    const what = "A provider cannot be verified without Pact's verifier.";
    if (isSea()) {
      throw new Problem({
        code: 'verifier_missing',
        what,
        facts: { reason: 'this executable has no native parts' },
        remedy: 'Use the npm package or the container; --contracts none needs no verifier.',
      });
    }
    const folder = await temporaryFolder();
    const args = ['--input-type=module', '--eval', verifierProgram, ...places];
    const child = spawn(process.execPath, args, {
      env: environmentOf(environment),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const verifier = new Verifier(child, folder);
    const reason = await new Promise<string | undefined>((resolve) => verifier.#waiting.set(0, resolve));
    if (reason === '') return verifier;
    await verifier[Symbol.asyncDispose]();
    throw new Problem({
      code: 'verifier_missing',
      what,
      facts: { reason: reason ?? 'its process ended at once' },
      remedy: `Run \`${command}\`.`,
    });
  }

  /** The verifier's results as JSON, or a text where it could not run; undefined if its process ended. */
  verify(options: VerifierRequest): Promise<string | undefined> {
    this.#count += 1;
    const id = this.#count;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      if (this.#child.connected) this.#child.send({ id, options: { logLevel: 'error', ...options } });
      else this.#end();
    });
  }

  /**
   * Plays one interaction of a contract.
   * @param timeout for its request, in milliseconds; Pact's own unless given.
   */
  async play(
    contract: Contract,
    interaction: Interaction,
    { providerUrl, statesUrl }: RelayUrls,
    timeout?: number,
  ): Promise<InteractionResult | undefined> {
    const file = join(this.#folder.path, `${++this.#files}.json`);
    await writeFile(file, writeInteraction(contract, interaction));
    const text = await this.verify({
      providerBaseUrl: providerUrl,
      providerStatesSetupUrl: statesUrl,
      pactUrls: [file],
      followRedirects: false,
      ...(timeout === undefined ? {} : { timeout }),
    });
    await rm(file);
    return readResults(text)?.[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || !this.#child.pid) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }

  #settle(id: number, text: string | undefined): void {
    this.#waiting.get(id)?.(text);
    this.#waiting.delete(id);
  }

  #end(): void {
    for (const id of this.#waiting.keys()) this.#settle(id, undefined);
  }
}

/**
 * Variables of Pact would choose other interactions or another broker; ours hold secrets that it does not need.
 * Requests to the relay must not go through a proxy.
 */
function environmentOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^(PACT|ARZAMED)_/.test(entry[0]),
  );
  const own = '127.0.0.1';
  const known = Object.fromEntries(kept);
  const hosts = known['NO_PROXY'] ?? known['no_proxy'];
  const direct = hosts === undefined ? own : `${hosts},${own}`;
  return { ...known, NO_PROXY: direct, no_proxy: direct, PACT_DO_NOT_TRACK: 'true' };
}

/**
 * Runs in a separate process because Pact's native part prints the provider's answers, personal data included. It is a text, so that it runs from the sources and from a bundle alike.
 */
const verifierProgram = `
import { createRequire } from 'node:module';
process.on('disconnect', () => process.exit());
const find = (from) => {
  try {
    return createRequire(from)('@pact-foundation/pact-core').default;
  } catch (error) {
    return { reason: String(error?.message).split('\\n')[0] };
  }
};
let pact;
for (const from of process.argv.slice(1)) {
  pact = find(from);
  if (!pact.reason) break;
}
process.on('message', async ({ id, options }) => {
  try {
    process.send({ id, text: await pact.verifyPacts(options) });
  } catch (error) {
    process.send({ id, text: String(error?.message ?? error) });
  }
});
process.send({ id: 0, text: pact.reason ?? '' });
`;

/** One place where an answer breaks the contract. Holds values of the answer, which must not be shown. */
export interface Mismatch {
  /** `BodyMismatch`, `BodyTypeMismatch`, `HeaderMismatch`, `StatusMismatch`. */
  type: string;
  /** Pact's path into the body, such as `$[0].name`. */
  path: string;
  key: string;
  expected: unknown;
  actual: unknown;
  /** What the contract and the answer have, as Pact writes it: `1.0`. */
  demanded: string;
  written: string;
  text: string;
}

export interface InteractionResult {
  consumer: string;
  description: string;
  /** Without parameters, which the verifier does not report. */
  states: State[];
  pending: boolean;
  mismatches: Mismatch[] | undefined;
  stateFailed: boolean;
}

export function readResults(text: string | undefined): InteractionResult[] | undefined {
  const results = parseObject(text ?? '')?.['interactionResults'];
  return Array.isArray(results) ? results.map(readResult) : undefined;
}

function readResult(result: unknown): InteractionResult {
  const { consumer, description, providerStates, pending, mismatch, result: word } = fieldsOf(result) ?? {};
  const { type, mismatches, message } = fieldsOf(mismatch) ?? {};
  return {
    consumer: String(consumer),
    description: String(description),
    states: Array.isArray(providerStates) ? providerStates.map((name) => ({ name: String(name), params: {} })) : [],
    pending: pending === true,
    stateFailed: /state change/.test(String(message)),
    mismatches:
      type === 'mismatches' && Array.isArray(mismatches)
        ? mismatches.map(readMismatch)
        : word === 'OK'
          ? []
          : undefined,
  };
}

function readMismatch(value: unknown): Mismatch {
  const { type, path, key, expected, actual, mismatch } = fieldsOf(value) ?? {};
  return {
    type: String(type),
    path: typeof path === 'string' ? path : '$',
    key: typeof key === 'string' ? key : '',
    expected: unpack(expected),
    actual: unpack(actual),
    demanded: typeof expected === 'string' ? expected : '',
    written: typeof actual === 'string' ? actual : '',
    text: String(mismatch),
  };
}

/** Pact gives values of the body as JSON in a string. */
function unpack(value: unknown): unknown {
  const unpacked = typeof value === 'string' ? parseJson(value) : undefined;
  return unpacked === undefined ? value : unpacked;
}
