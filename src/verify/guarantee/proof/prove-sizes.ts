import { isDeepStrictEqual } from 'node:util';
import { fits, type ArrayDemand, type ObjectDemand, type Sizes } from '../../../matching/demand.ts';
import type { Branch } from '../../../openapi/schema.ts';
import type { Alternative, Proof } from './claim.ts';
import { broken, eitherWay, holds, undecided, quoteValue, type PlaceVerdict } from './place-verdict.ts';

function proveSizes(
  { claim, siblings, pointer }: Proof,
  alternatives: readonly Alternative[],
  demand: ObjectDemand | ArrayDemand,
  boundsOf: (branch: Branch) => Sizes,
): PlaceVerdict[] {
  const { sizes, place, kind } = demand;
  if (sizes.least === 0 && sizes.most === undefined) return [];
  const at = { place, pointer, rule: 'length' };
  const accepted = [sizes, ...siblings.flatMap((sibling) => (sibling.kind === kind ? [sibling.sizes] : []))];
  const isOpen = (limits: readonly Sizes[]) => (one: Alternative) =>
    firstOutside(boundsOf(one.branch), limits) !== undefined;
  const open = alternatives.filter(isOpen(accepted));
  if (open.length === 0) {
    const sentence = alternatives.some(isOpen([sizes]))
      ? 'The contract accepts every length that the specification allows, here or in another interaction.'
      : 'The specification allows no length that the contract refuses.';
    return [holds(at, sentence)];
  }
  const words = wordsOf(sizes, kind);
  if (!alternatives.some(({ branch }) => overlaps(boundsOf(branch), sizes)))
    return [broken(at, `The contract requires ${words}; the specification does not allow that.`)];
  if (kind === 'array' && demand.exactly) {
    const sentence = `The specification allows ${words} among other lengths; the request and provider state decide which.`;
    return [
      undecided(at, sentence + eitherWay('fix the length', 'use a matching rule for the list, such as eachLike')),
    ];
  }
  const found = claim.findCounterexample(open, ({ branch }) => {
    const outside = firstOutside(boundsOf(branch), accepted) ?? 0;
    const values: object[] =
      kind === 'array'
        ? [...(claim.sampler.arrayOf(branch, outside) ?? []), ...claim.sampler.arrays(branch)]
        : claim.sampler.objects(branch);
    return values.filter((value) => !accepted.some((each) => fits(each, Object.keys(value).length)));
  });
  if (!found) return [undecided(at, `It was not decided whether the specification allows anything but ${words}.`)];
  const size = Object.keys(found.value).length;
  const [keyword, bound] = size < sizes.least ? ['min', sizes.least] : ['max', sizes.most];
  const ways = eitherWay(
    `say \`${keyword}${kind === 'array' ? 'Items' : 'Properties'}: ${bound}\``,
    `accept ${count(size, kind)}, here or in a further interaction`,
  );
  return [broken(at, `The specification allows ${count(size, kind)} here; the contract requires ${words}.${ways}`)];
}

/** The first size within the bounds that no limit accepts. */
function firstOutside({ least, most }: Sizes, accepted: readonly Sizes[]): number | undefined {
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

function overlaps({ least, most }: Sizes, sizes: Sizes): boolean {
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
  boundsOf: (branch: Branch) => Sizes,
): PlaceVerdict[] {
  const at = { place: demand.place, pointer: proof.pointer, rule: 'matching rule' };
  const { never, unknown, equal } = demand;
  if (unknown !== undefined) return [undecided(at, `Nothing is proved here: ${unknown}.`)];
  if (never !== undefined) return [broken(at, `No response can satisfy the contract here: ${never}.`)];
  const sizes = proveSizes(proof, alternatives, demand, boundsOf);
  if (!equal) return sizes;
  const value = { ...at, rule: 'value' };
  const { claim } = proof;
  const found = claim.findCounterexample(alternatives, ({ spot }) =>
    claim.sampler.values(spot.schemas).filter((each) => !isDeepStrictEqual(each, equal.value)),
  );
  if (!found)
    return [...sizes, undecided(value, 'It was not decided whether the specification allows only the example here.')];
  const sentence = `The specification allows ${quoteValue(found.value)} here; the contract requires exactly its example.${eitherWay('allow that alone', 'use a matching rule of another kind')}`;
  return [broken(value, sentence)];
}
