import type { ArrayDemand, Demand } from '../../../matching/demand.ts';
import { satisfies } from '../../../matching/matchers.ts';
import { boundOf, itemOf, type Branch } from '../../../verify/guarantee/proof/branches.ts';
import { typesIn } from '../../../verify/guarantee/proof/cover.ts';
import { show, type Finding } from '../../../verify/guarantee/proof/finding.ts';
import { proveWhole } from './prove-whole.ts';
import type { Proof } from '../../../verify/guarantee/proof/prove.ts';
import { distinct, spotBelow, type Alternative, type Spot } from '../../../verify/guarantee/proof/claim.ts';

/** Proves of an array that its length is one that the contract accepts, and of its items what is demanded of them. */
export function proveArray(proof: Proof, demand: ArrayDemand): Finding[] {
  const arrays = proof.alternatives.filter(({ branch }) => typesIn(branch).includes('array'));
  if (arrays.length === 0) return [];
  const siblings = proof.siblings.filter((sibling) => sibling.kind === 'array');
  const beside = (index: number): Demand[] =>
    siblings.flatMap((sibling) => sibling.items[index] ?? sibling.rest ?? sibling.items[0] ?? []);
  const items = demand.items.flatMap((item, index) => {
    const spots = itemSpotsOf(proof, arrays, [index]);
    return spots.length === 0 ? [] : proof.below(spots, item, beside(index), proof.pointer);
  });
  const first = demand.items.length;
  const last = Math.max(first, ...arrays.map(({ branch }) => fixedItems(branch)));
  const behind = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const spots = demand.rest ? itemSpotsOf(proof, arrays, behind) : [];
  const rest = demand.rest && spots.length > 0 ? proof.below(spots, demand.rest, beside(first), proof.pointer) : [];
  const bounds = (branch: Branch): { least: number; most: number | undefined } => ({
    least: boundOf(branch, 'minItems', Math.max) ?? 0,
    most: mostItems(branch),
  });
  const contained = demand.contains.map((one) => proveContains(proof, arrays, one));
  return [...proveWhole(proof, arrays, demand, bounds), ...items, ...rest, ...contained];
}

function itemSpotsOf({ claim }: Proof, arrays: readonly Alternative[], indices: readonly number[]): Spot[] {
  return distinct(
    arrays.flatMap((alternative) =>
      indices.flatMap((index) => {
        const schemas = itemOf(alternative.branch, index);
        if (schemas === 'nothing' || index >= (mostItems(alternative.branch) ?? Infinity)) return [];
        const { sampler } = claim;
        const before = Array.from({ length: index }, (_, at) => sampler.item(alternative.branch, at));
        const around = sampler.arrays(alternative.branch).slice(0, 2);
        return [
          spotBelow(alternative, schemas, [
            (value) => [...before, value],
            ...around.map((array) => (value: unknown) => [...before, value, ...array.slice(index + 1)]),
          ]),
        ];
      }),
    ),
  );
}

function fixedItems({ parts }: Branch): number {
  return Math.max(
    0,
    ...parts.map(({ schema: { prefixItems } }) => (Array.isArray(prefixItems) ? prefixItems.length : 0)),
  );
}

/** The largest length that a branch allows: `items: false` ends an array as well. */
function mostItems(branch: Branch): number | undefined {
  const most = boundOf(branch, 'maxItems', Math.min);
  for (let index = 0; index <= fixedItems(branch); index += 1)
    if (itemOf(branch, index) === 'nothing') return Math.min(index, most ?? Infinity);
  return most;
}

/** Whether one of the items is sure to be as a variant of `arrayContains` demands. */
function proveContains(proof: Proof, arrays: readonly Alternative[], variant: Demand): Finding {
  const { claim, pointer, demand } = proof;
  const at = { place: variant.place, pointer, rule: 'contains' };
  for (const { spot, branch } of arrays) {
    const missing = claim.sampler
      .arrays(branch)
      .filter((array) => array.every((item) => satisfies(item, variant) === false));
    const found = claim.counterexample(spot, missing);
    if (found) {
      const sentence = `The specification allows ${show(found.value)} for ${demand.place}, in which the contract misses an item.`;
      return { ...at, result: 'broken', sentence };
    }
  }
  const filled = arrays.every(({ branch }) => (boundOf(branch, 'minItems', Math.max) ?? 0) > 0);
  const all = proof.below(itemSpotsOf(proof, arrays, [0]), variant, [], pointer);
  if (filled && all.every(({ result }) => result === 'holds'))
    return {
      ...at,
      result: 'holds',
      sentence: 'The specification demands an item, and each is such as the contract demands.',
    };
  return { ...at, result: 'not verifiable', sentence: 'Whether there is always such an item was not decided.' };
}
