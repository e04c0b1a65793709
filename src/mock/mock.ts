import type { Api } from '../spec/api.ts';
import type { Clock } from './clock.ts';
import type { AnswerControls } from './control/answer-controls.ts';
import type { MockClinic } from './control/controls.ts';
import type { FaultControls } from './control/fault-controls.ts';
import type { KeyControls } from './control/key-controls.ts';
import type { Journal } from './journal.ts';
import type { World } from './world.ts';

/** A running mock. Ends with `close()`, or by itself at the end of the block with `await using`. */
export class Mock implements AsyncDisposable {
  /** Where the mock listens: `http://127.0.0.1:4010`, without a slash at the end. */
  readonly url: string;
  /** The URL under which the paths of the specification stand: `http://127.0.0.1:4010/api/v1`. */
  readonly baseUrl: string;
  /** @internal What the mock plays, for the command line to describe. */
  readonly api: Api;
  readonly #world: World;
  readonly #close: () => Promise<void>;

  /** @internal The types that a user sees must not ask for those of the libraries beneath. */
  constructor(api: Api, url: string, baseUrl: string, world: World, close: () => Promise<void>) {
    this.api = api;
    this.url = url;
    this.baseUrl = baseUrl;
    this.#world = world;
    this.#close = close;
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

  /** Signs tokens with a new key. The old one stays published until its last token has expired. Gives the new key's id. */
  rotateSigningKeys(): Promise<string> {
    return this.#world.controls.rotateSigningKeys();
  }

  /** Makes everything as it was at the start: clock, keys, answers, faults, journal. Tokens stay good. */
  reset(): void {
    this.#world.reset();
  }

  /** Ends the mock: what is under way is answered, for at most one second. */
  close(): Promise<void> {
    return this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
