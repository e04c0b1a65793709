import { toPointer } from '../../../util/json.ts';
import type { Demand } from '../../../matching/demand.ts';
import { TooManyBranches } from '../../../contract/guarantee/schema/expand.ts';
import type { Schemas, Steps } from './schemas.ts';
import { proveArray } from '../../../contract/guarantee/proof/prove-array.ts';
import { proveObject } from '../../../contract/guarantee/proof/prove-object.ts';
import { proveTypes } from './prove-values.ts';
import type { Finding } from './finding.ts';
import { Claim, type Alternative, type Spot } from './claim.ts';

/** What is to be proved at one place, and how one goes on below it. */
export interface Proof {
  claim: Claim;
  demand: Demand;
  /** What other interactions of the contract demand at the same place. */
  siblings: readonly Demand[];
  alternatives: readonly Alternative[];
  /** Where the specification speaks of the place. */
  pointer: string;
  below: (spots: readonly Spot[], demand: Demand, siblings: readonly Demand[], pointer: string) => Finding[];
}

/**
 * Proves, place by place, that each value which a schema allows is one that a contract accepts.
 *
 * `holds` is said after a proof alone, and `broken` with a counterexample alone, which was tried out on both sides.
 * @param siblings what other interactions of the contract accept: a value that one of them accepts at a place is no gap there.
 */
export function prove(schemas: Schemas, root: Steps, demand: Demand, siblings: readonly Demand[] = []): Finding[] {
  const claim = new Claim(schemas, root, demand);
  return proveSpots(claim, [claim.spot], demand, siblings, toPointer(schemas.resolve(root)));
}

function proveSpots(
  claim: Claim,
  spots: readonly Spot[],
  demand: Demand,
  siblings: readonly Demand[],
  from: string,
): Finding[] {
  let alternatives: Alternative[];
  try {
    alternatives = claim.alternatives(spots);
  } catch (error) {
    if (!(error instanceof TooManyBranches)) throw error;
    const sentence = 'The schema has too many alternatives to look at each, so nothing is proved here.';
    return [{ result: 'not verifiable', place: demand.place, pointer: from, rule: 'type', sentence }];
  }
  const pointer = pointerOf(claim.schemas, spots) ?? from;
  const proof: Proof = {
    claim,
    demand,
    siblings,
    alternatives,
    pointer,
    below: (inner, under, beside, at) => proveSpots(claim, inner, under, beside, at),
  };
  const findings = proveTypes(proof);
  if (demand.kind === 'object') return [...findings, ...proveObject(proof, demand)];
  return demand.kind === 'array' ? [...findings, ...proveArray(proof, demand)] : findings;
}

function pointerOf(schemas: Schemas, spots: readonly Spot[]): string | undefined {
  const steps = spots[0]?.schemas[0];
  return steps && toPointer(schemas.resolve(steps));
}
