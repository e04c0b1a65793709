import { isDeepStrictEqual } from 'node:util';
import type { ArrayDemand, ObjectDemand } from '../../../matching/demand.ts';
import type { Branch } from '../../../verify/guarantee/proof/branches.ts';
import { show, type Finding } from '../../../verify/guarantee/proof/finding.ts';
import { proveSizes, type Bounds } from '../../../verify/guarantee/proof/prove-sizes.ts';
import type { Proof } from '../../../verify/guarantee/proof/prove.ts';
import type { Alternative } from '../../../verify/guarantee/proof/claim.ts';

/** Proves what a contract demands of an array or object as a whole: its size, that it is equal to the example. */
export function proveWhole(
  proof: Proof,
  alternatives: readonly Alternative[],
  demand: ObjectDemand | ArrayDemand,
  boundsOf: (branch: Branch) => Bounds,
): Finding[] {
  const at = { place: demand.place, pointer: proof.pointer };
  const { never, unknown, equal } = demand;
  if (unknown !== undefined)
    return [
      { ...at, rule: 'matching rule', result: 'not verifiable', sentence: `Nothing is proved here: ${unknown}.` },
    ];
  if (never !== undefined)
    return [
      { ...at, rule: 'matching rule', result: 'broken', sentence: `No answer can keep the contract here: ${never}.` },
    ];
  const sizes = proveSizes(proof, alternatives, demand, boundsOf);
  if (!equal) return sizes;
  const found = counterexample(proof, alternatives, equal.value);
  if (found) {
    const sentence = `The specification allows ${show(found.value)} here, and the contract demands what is equal to its example.`;
    return [{ ...at, rule: 'value', result: 'broken', sentence }];
  }
  const sentence = 'Whether nothing but what is equal to the example may come here was not decided.';
  return [...sizes, { ...at, rule: 'value', result: 'not verifiable', sentence }];
}

function counterexample(
  { claim }: Proof,
  alternatives: readonly Alternative[],
  equal: unknown,
): { value: unknown } | undefined {
  for (const { spot } of alternatives) {
    const found = claim.counterexample(
      spot,
      claim.sampler.values(spot.schemas).filter((value) => !isDeepStrictEqual(value, equal)),
    );
    if (found) return found;
  }
  return undefined;
}
