import type { Clock } from './state/clock.ts';
import type { AnswerControls } from './control/answer-controls.ts';
import type { MockClinic } from './control/controls.ts';
import type { FaultControls } from './control/fault-controls.ts';
import type { KeyControls } from './control/key-controls.ts';
import type { Findings } from './findings/findings.ts';
import type { Journal } from './state/journal.ts';
import type { World } from './world.ts';

/** An isolated world of a mock. Ends with `close()`, or by itself at the end of the block with `await using`. */
export class MockSandbox implements AsyncDisposable {
  /** Undefined for the world that the mock itself plays. */
  readonly id: string | undefined;
  readonly #world: World;
  readonly #close: () => Promise<void>;

  /** @internal The types that a user sees must not ask for those of the libraries beneath. */
  constructor(id: string | undefined, world: World, close: () => Promise<void>) {
    this.id = id;
    this.#world = world;
    this.#close = close;
  }

  /** Where it is reached: `http://127.0.0.1:4010`, for a sandbox with `/s/{id}` behind; without a slash at the end. */
  get url(): string {
    return this.#world.url;
  }

  /** The URL under which the paths of the specification stand: `http://127.0.0.1:4010/api/v1`. */
  get baseUrl(): string {
    return this.#world.baseUrl;
  }

  /** Each clinic's token URL and keys, as they are now. */
  get clinics(): readonly MockClinic[] {
    return this.#world.controls.credentials();
  }

  /** The mock's time, on which tokens and keys expire. */
  get clock(): Clock {
    return this.#world.controls.clock;
  }

  /** Issues, revokes, expires and restores keys. */
  get keys(): KeyControls {
    return this.#world.controls.keys;
  }

  /** Replaces what a clinic answers. */
  get answers(): AnswerControls {
    return this.#world.controls.answers;
  }

  /** Lets something go wrong. */
  get faults(): FaultControls {
    return this.#world.controls.faults;
  }

  /** What the mock was asked and answered. */
  get journal(): Journal {
    return this.#world.controls.journal;
  }

  /** What the clients do wrong. */
  get findings(): Findings {
    return this.#world.controls.findings;
  }

  /** Signs tokens with a new key. The old one stays published until its last token has expired. Gives the new key's id. */
  rotateSigningKeys(): Promise<string> {
    return this.#world.controls.rotateSigningKeys();
  }

  /** Makes everything as it was at the start: clock, keys, answers, faults, journal, findings. Tokens stay good. */
  reset(): void {
    this.#world.reset();
  }

  /** Ends it. */
  close(): Promise<void> {
    return this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
