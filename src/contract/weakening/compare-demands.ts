import { isDeepStrictEqual } from 'node:util';
import { satisfies } from '../../matching/matchers.ts';
import type { ArrayDemand, Demand, ObjectDemand, Sizes } from '../../matching/demand.ts';
import { compareArrays } from './compare-arrays.ts';
import { compareConditions } from './compare-conditions.ts';
import { compareObjects } from './compare-objects.ts';
import type { Loss } from '../../verify/weakening/weakening.ts';

/** What was demanded of a value and is demanded no more: that there is anything which keeps the new demand, and not the old one. */
export function compareDemands(was: Demand, is: Demand): Loss[] {
  const path = was.place;
  if (isDeepStrictEqual(was, is)) return [];
  if (was.kind === 'scalar' && is.kind === 'scalar')
    return compareConditions(was.condition, is.condition).map((loss) => ({ ...loss, path }));
  if (was.kind === 'scalar' || is.kind === 'scalar' || was.kind !== is.kind)
    return [{ rule: 'type', path, sentence: `${demandWords[was.kind]} was demanded, now ${demandWords[is.kind]} is.` }];
  // What no provider could ever keep may be mended.
  if (is.never !== undefined || was.never !== undefined) return [];
  const doubt = was.unknown ?? is.unknown;
  if (doubt !== undefined)
    return [{ rule: 'unproved', path, sentence: `Nobody can prove that as much is demanded as before: ${doubt}.` }];
  if (is.equal) {
    if (satisfies(is.equal.value, was) === true) return [];
    return [{ rule: 'exact value', path, sentence: 'Another value is demanded, which was none before.' }];
  }
  if (was.equal)
    return [{ rule: 'exact value', path, sentence: 'Exactly the example was demanded, and is demanded no more.' }];
  const parts =
    was.kind === 'object' && is.kind === 'object'
      ? compareObjects(was, is, compareDemands)
      : was.kind === 'array' && is.kind === 'array'
        ? compareArrays(was, is, compareDemands)
        : [];
  return [...compareSizes(was, is), ...parts];
}

const demandWords = { scalar: 'A single value', object: 'An object', array: 'A list' };

function compareSizes(was: ArrayDemand | ObjectDemand, is: ArrayDemand | ObjectDemand): Loss[] {
  const least = is.kind === 'object' && is.required ? Math.max(is.sizes.least, is.named.size) : is.sizes.least;
  const wider = least < was.sizes.least || (is.sizes.most ?? Infinity) > (was.sizes.most ?? Infinity);
  if (!wider) return [];
  const what = was.kind === 'array' ? 'items' : 'fields';
  const sentence = `Demanded were ${range(was.sizes)} ${what}, now ${range(is.sizes)}.`;
  return [{ rule: 'items', path: was.place, sentence }];
}

function range({ least, most }: Sizes): string {
  if (most === undefined) return least === 0 ? 'any number' : `at least ${least}`;
  return least === most ? `exactly ${most}` : `${least} to ${most}`;
}
