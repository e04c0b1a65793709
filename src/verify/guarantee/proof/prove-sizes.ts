import { isDeepStrictEqual } from 'node:util';
import { fits, type ArrayDemand, type ObjectDemand, type Sizes } from '../../../matching/demand.ts';
import type { Branch } from '../../../openapi/schema.ts';
import type { Alternative, Proof } from './claim.ts';
import { show, type Finding } from './finding.ts';

/** How many items or properties a branch allows. */
interface Bounds {
  least: number;
  most: number | undefined;
}

/** Proves of an array or object that it has no other size than the contract accepts. */
function proveSizes(
  { claim, siblings, pointer }: Proof,
  alternatives: readonly Alternative[],
  demand: ObjectDemand | ArrayDemand,
  boundsOf: (branch: Branch) => Bounds,
): Finding[] {
  const { sizes, place, kind } = demand;
  if (sizes.least === 0 && sizes.most === undefined) return [];
  const exactly = kind === 'array' && demand.exactly;
  const at = { place, pointer, rule: 'length' };
  const accepted = [sizes, ...siblings.flatMap((sibling) => (sibling.kind === kind ? [sibling.sizes] : []))];
  const open = alternatives.filter(({ branch }) => firstOutside(boundsOf(branch), accepted) !== undefined);
  if (open.length === 0) {
    const beside = alternatives.some(({ branch }) => firstOutside(boundsOf(branch), [sizes]) !== undefined);
    const sentence = beside
      ? 'The contract accepts each length that the specification allows, if not here then in another interaction.'
      : 'The specification allows no length that the contract refuses.';
    return [{ ...at, result: 'holds', sentence }];
  }
  const words = wordsOf(sizes, kind);
  const possible = alternatives.some(({ branch }) => overlaps(boundsOf(branch), sizes));
  if (!possible)
    return [
      {
        ...at,
        result: 'broken',
        sentence: `The contract demands ${words}, and the specification does not allow that.`,
      },
    ];
  if (exactly) {
    const sentence = `The specification allows ${words} among other lengths; which comes is decided by the request and the provider state.`;
    return [{ ...at, result: 'not verifiable', sentence }];
  }
  for (const { spot, branch } of open) {
    const outside = firstOutside(boundsOf(branch), accepted) ?? 0;
    const values =
      kind === 'array'
        ? [...(claim.sampler.arrayOf(branch, outside) ?? []), ...claim.sampler.arrays(branch)]
        : claim.sampler.objects(branch);
    const found = claim.counterexample(
      spot,
      values.filter((value) => !accepted.some((each) => fits(each, Object.keys(value).length))),
    );
    if (!found) continue;
    const size = Object.keys(Object(found.value)).length;
    return [
      {
        ...at,
        result: 'broken',
        sentence: `The specification allows ${count(size, kind)} here, the contract demands ${words}.`,
      },
    ];
  }
  return [
    {
      ...at,
      result: 'not verifiable',
      sentence: `Whether the specification allows anything but ${words} was not decided.`,
    },
  ];
}

/** The first size within the bounds that no limit accepts. */
function firstOutside({ least, most }: Bounds, accepted: readonly Sizes[]): number | undefined {
  let size = least;
  for (;;) {
    if (size > (most ?? Infinity)) return undefined;
    const here = accepted.filter((each) => fits(each, size));
    if (here.length === 0) return size;
    const reach = Math.max(...here.map((each) => each.most ?? Infinity));
    if (reach === Infinity) return undefined;
    size = reach + 1;
  }
}

function overlaps({ least, most }: Bounds, sizes: Sizes): boolean {
  return least <= (sizes.most ?? Infinity) && (most ?? Infinity) >= sizes.least;
}

function wordsOf({ least, most }: Sizes, kind: 'array' | 'object'): string {
  if (least === most) return count(least, kind);
  if (most === undefined) return `at least ${count(least, kind)}`;
  return least === 0 ? `at most ${count(most, kind)}` : `${least} to ${count(most, kind)}`;
}

function count(size: number, kind: 'array' | 'object'): string {
  const [one, many] = kind === 'array' ? ['item', 'items'] : ['property', 'properties'];
  return size === 0 ? `no ${many}` : `${size} ${size === 1 ? one : many}`;
}

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
