import type { ArrayDemand, Demand } from '../../matching/demand.ts';
import type { Loss } from '../../verify/weakening/weakening.ts';

/** What was demanded of a list's items and is demanded no more. */
export function compareArrays(was: ArrayDemand, is: ArrayDemand, compare: (was: Demand, is: Demand) => Loss[]): Loss[] {
  const most = is.sizes.most ?? Infinity;
  const at = (before: Demand | undefined, now: Demand | undefined): Loss[] => {
    if (!before) return [];
    return now ? compare(before, now) : [nothing(before)];
  };
  const behind = Math.max(was.items.length, is.items.length);
  const rest = most > behind ? at(was.rest, is.rest) : [];
  const known = new Set(rest.map((loss) => keyOf(loss, was.rest)));
  const items = Array.from({ length: Math.min(behind, most) }, (_, index) => {
    const before = was.items[index] ?? was.rest;
    return at(before, is.items[index] ?? is.rest).filter((loss) => !known.has(keyOf(loss, before)));
  });
  return unique([...rest, ...items.flat(), ...compareContained(was, is, compare)]);
}

/** The same loss in one item and in all others is one. */
function keyOf({ rule, path }: Loss, whose: Demand | undefined): string {
  return `${rule} ${path.slice(whose?.place.length ?? 0)}`;
}

function unique(losses: readonly Loss[]): Loss[] {
  return [...new Map(losses.map((loss) => [`${loss.rule} ${loss.path}`, loss])).values()];
}

function nothing({ place }: Demand): Loss {
  return { rule: 'items', path: place, sentence: 'Of these items nothing is demanded any more.' };
}

/** Something that the list must contain is still contained if something as strict must be, or if every item is. */
function compareContained(was: ArrayDemand, is: ArrayDemand, compare: (was: Demand, is: Demand) => Loss[]): Loss[] {
  const sure = [
    ...is.contains,
    ...is.items.slice(0, is.sizes.least),
    ...(is.rest && is.sizes.least > is.items.length ? [is.rest] : []),
  ];
  return was.contains
    .filter((one) => sure.every((now) => compare(one, now).length > 0))
    .map(({ place }) => ({
      rule: 'items',
      path: place,
      sentence: 'The list had to contain such an item, and need not any more.',
    }));
}
