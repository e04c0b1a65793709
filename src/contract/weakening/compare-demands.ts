import { isDeepStrictEqual } from 'node:util';
import type { ArrayDemand, Demand, ObjectDemand } from '../guarantee/demand/demand.ts';
import { writePath } from '../guarantee/demand/places.ts';
import { loosened } from './compare-conditions.ts';
import type { Weakening } from './weakening.ts';

type Found = Pick<Weakening, 'place' | 'rule' | 'sentence'>;

/** What was demanded of a value and is no more, from the outside in. */
export function compareDemands(before: Demand, now: Demand): Found[] {
  const { place } = before;
  if (before.kind === 'scalar' && now.kind === 'scalar') {
    const found = loosened(before.condition, now.condition);
    return found ? [{ place, rule: found.rule, sentence: `The contract ${found.words} before.` }] : [];
  }
  if (before.kind === 'object' && now.kind === 'object') return compareObjects(before, now);
  if (before.kind === 'array' && now.kind === 'array') return compareArrays(before, now);
  const words = { scalar: 'a single value', object: 'an object', array: 'an array' };
  const sentence = `The contract demanded ${words[before.kind]}, and demands ${words[now.kind]} now.`;
  return [{ place, rule: 'type', sentence }];
}

function compareObjects(before: ObjectDemand, now: ObjectDemand): Found[] {
  const { place } = before;
  const found: Found[] = compareWhole(before, now);
  const rules = new Set(now.names.map((condition) => JSON.stringify(condition)));
  if (!before.names.every((condition) => rules.has(JSON.stringify(condition))))
    found.push({ place, rule: 'names', sentence: 'The contract demanded something of the names, and does no more.' });
  for (const [name, demand] of before.named) {
    const other = now.named.get(name) ?? now.rest;
    const where = place + writePath([name]);
    if (before.required && !(now.required && now.named.has(name)))
      found.push({ place: where, rule: 'field', sentence: `The contract demanded ${name}, and does no more.` });
    else if (other) found.push(...compareDemands(demand, other));
    else found.push({ place: where, rule: 'field', sentence: `The contract says nothing of ${name} any more.` });
  }
  return [...found, ...compareRest(before, now)];
}

function compareArrays(before: ArrayDemand, now: ArrayDemand): Found[] {
  const { place } = before;
  const found: Found[] = compareWhole(before, now);
  for (const [index, demand] of before.items.entries()) {
    const other = now.items[index] ?? now.rest;
    if (other) found.push(...compareDemands(demand, other));
    else {
      const sentence = `The contract says nothing of item ${index} any more.`;
      found.push({ place: place + writePath([index]), rule: 'field', sentence });
    }
  }
  for (const [index, demand] of before.contains.entries()) {
    const other = now.contains[index];
    if (other) found.push(...compareDemands(demand, other));
    else
      found.push({ place, rule: 'contains', sentence: 'The contract demanded an item more that the array contains.' });
  }
  return [...found, ...compareRest(before, now)];
}

/** What is said of any item, or of the value of any other name. */
function compareRest(before: ArrayDemand | ObjectDemand, now: ArrayDemand | ObjectDemand): Found[] {
  if (!before.rest) return [];
  const others = [...(now.rest ? [now.rest] : []), ...(now.kind === 'array' ? now.items : [])];
  if (now.rest || others.length > 0) return others.flatMap((other) => compareDemands(before.rest ?? other, other));
  const place = before.rest.place;
  return [{ place, rule: 'field', sentence: 'The contract says nothing of what stands here any more.' }];
}

function compareWhole(before: ArrayDemand | ObjectDemand, now: ArrayDemand | ObjectDemand): Found[] {
  const { place } = before;
  const found: Found[] = [];
  if (now.sizes.least < before.sizes.least) {
    const sentence = `The contract demanded ${before.sizes.least} at least, and demands ${now.sizes.least} now.`;
    found.push({ place, rule: 'length', sentence });
  }
  if ((now.sizes.most ?? Infinity) > (before.sizes.most ?? Infinity)) {
    const sentence = `The contract demanded ${before.sizes.most} at most, and demands ${now.sizes.most ?? 'no limit'} now.`;
    found.push({ place, rule: 'length', sentence });
  }
  if (before.equal && !isDeepStrictEqual(before.equal, now.equal))
    found.push({
      place,
      rule: 'value',
      sentence: 'The contract demanded what is equal to its example, and does no more.',
    });
  return found;
}
