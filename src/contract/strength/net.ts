import type { Mutant } from '../../verify/mutation/mutant.ts';

/** What a net says of a mutant. */
export interface Judgement {
  readonly result: 'killed' | 'survived';
  /** What killed it, in the words of the net. */
  readonly by?: string;
}

/** Something that is to notice when a provider breaks its callers. */
export interface Net {
  readonly name: string;
  readonly judge: (mutant: Mutant) => Promise<Judgement>;
}
