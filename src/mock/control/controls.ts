import type { Clock } from '../state/clock.ts';
import type { Findings } from '../findings/findings.ts';
import type { Journal } from '../state/journal.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { makeSigningKey } from '../state/signing-keys.ts';
import { AnswerControls } from './answer-controls.ts';
import { FaultControls } from './fault-controls.ts';
import { KeyControls, type ShownKey } from './key-controls.ts';

/** What a client needs to know of one clinic of the mock. */
export interface MockClinic {
  clinic: string;
  tokenUrl: string;
  keys: ShownKey[];
}

/** Everything that can be done to a running sandbox, for the control API and for a test in the same process alike. */
export class Controls {
  readonly clock: Clock;
  readonly keys: KeyControls;
  readonly answers: AnswerControls;
  readonly faults: FaultControls;
  readonly journal: Journal;
  readonly findings: Findings;
  readonly #sandbox: Sandbox;

  /** @internal The types that a user sees must not ask for those of the libraries beneath. */
  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    this.clock = sandbox.clock;
    this.keys = new KeyControls(sandbox);
    this.answers = new AnswerControls(sandbox);
    this.faults = new FaultControls(sandbox);
    this.journal = sandbox.journal;
    this.findings = sandbox.findings;
  }

  /** Each clinic's token URL and keys, as they are now. */
  credentials(): MockClinic[] {
    return this.#sandbox.fixtures.ids().map((clinic) => ({
      clinic,
      tokenUrl: this.#sandbox.tokenUrl(clinic),
      keys: this.keys.list(clinic),
    }));
  }

  /** Signs with a new key. The old one stays published until its last token has expired. Gives the new key's id. */
  async rotateSigningKeys(): Promise<string> {
    const { signingKeys, clock, api } = this.#sandbox;
    const next = await makeSigningKey();
    signingKeys.rotate(next, clock.now() + api.tokens.lifetime * 1000);
    return next.kid;
  }
}
