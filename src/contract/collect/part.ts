import type { Contract } from '../../pact/model.ts';

/** What one declared interaction left behind, in a folder that no other test writes to. */
export interface Part {
  /** As the user would name the folder. */
  folder: string;
  declared: Declaration;
  /** The contract that the test wrote; none where it got lost, or was never written. */
  contract: Contract | undefined;
}

/** What a test said before anything could get lost: `declared.json` of its folder. */
export interface Declaration {
  /** The interaction's description. */
  description: string;
  /** The test that declares it, to be found again. */
  test?: string;
}
