import type { Api } from '../openapi/api.ts';
import type { Answers } from './prism/answers.ts';
import { MockSandbox } from './mock-sandbox.ts';
import type { Sandboxes } from './sandboxes.ts';
import type { Handle } from './http/server.ts';
import type { World } from './world.ts';

/** What a mock is made of. */
interface Parts {
  api: Api;
  answers: Answers;
  /** Where it listens. */
  url: string;
  world: World;
  sandboxes: Sandboxes;
  handle: Handle;
  controlToken: string | undefined;
  /** What is under way is answered, for at most one second. */
  close: () => Promise<void>;
}

/** A running mock. Ends with `close()`, or by itself at the end of the block with `await using`. */
export class Mock extends MockSandbox {
  /** Isolated worlds beside the mock's own, for tests that run at the same time. */
  readonly sandboxes: Sandboxes;
  /** @internal What the mock plays, for the command line to describe. */
  readonly api: Api;
  readonly #answers: Answers;
  /** @internal Answers a request that came some other way than over the mock's own address. */
  readonly handle: Handle;
  readonly #url: string;
  readonly #controlToken: string | undefined;

  /** @internal The types that a user sees must not ask for those of the libraries beneath. */
  constructor({ api, answers, url, world, sandboxes, handle, controlToken, close }: Parts) {
    super(undefined, world, close);
    this.api = api;
    this.handle = handle;
    this.sandboxes = sandboxes;
    this.#answers = answers;
    this.#url = url;
    this.#controlToken = controlToken;
  }

  /**
   * @internal Loads what a mock that has only been opened lacks.
   * @throws Problem if Prism cannot use the specification.
   */
  load(): Promise<void> {
    return this.#answers.load();
  }

  /** Where the mock listens, whatever its public URL: `http://127.0.0.1:4010`, without a slash at the end. */
  override get url(): string {
    return this.#url;
  }

  /** What requests of the control API must present as their bearer token; undefined where they need none. */
  get controlToken(): string | undefined {
    return this.#controlToken;
  }
}
