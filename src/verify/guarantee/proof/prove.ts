import { writePath } from '../../../matching/compile.ts';
import type { ArrayDemand, Demand, ObjectDemand, Sizes } from '../../../matching/demand.ts';
import { nameKeeps, satisfies, textsOf } from '../../../matching/matchers.ts';
import { findTexts } from '../../../util/regex/find-text.ts';
import { not } from '../../../util/regex/language.ts';
import { isHidden } from '../../../openapi/values/message.ts';
import { toPointer, valueAt } from '../../../util/json.ts';
import {
  boundOf,
  fixedItems,
  itemOf,
  mostItems,
  namesOf,
  patternsOf,
  propertyOf,
  requiredOf,
  TooManyBranches,
  type Branch,
  type Steps,
} from '../../../openapi/schema.ts';
import { pickBranches } from './branches.ts';
import { Claim, distinct, spotBelow, type Alternative, type Proof, type Spot } from './claim.ts';
import { typesIn } from './cover.ts';
import { broken, eitherWay, holds, undecided, quoteValue, type PlaceVerdict } from './place-verdict.ts';
import { proveWhole } from './prove-sizes.ts';
import { proveTypes } from './prove-values.ts';
import type { Schemas } from './schemas.ts';

/**
 * Proves, place by place, that each value which a schema allows is one that a contract accepts.
 *
 * `holds` is said after a proof alone, and `broken` with a counterexample alone, which was tried out on both sides.
 * @param siblings what other interactions of the contract accept: a value that one of them accepts at a place is no gap there.
 */
export function prove(schemas: Schemas, root: Steps, demand: Demand, siblings: readonly Demand[] = []): PlaceVerdict[] {
  const claim = new Claim(schemas, root, demand);
  return proveSpots(claim, [claim.spot], demand, siblings, toPointer(schemas.place(root)));
}

function proveSpots(
  claim: Claim,
  spots: readonly Spot[],
  demand: Demand,
  siblings: readonly Demand[],
  from: string,
): PlaceVerdict[] {
  let alternatives: Alternative[];
  try {
    alternatives = claim.alternatives(spots);
  } catch (error) {
    if (!(error instanceof TooManyBranches)) throw error;
    return [
      undecided(
        { place: demand.place, pointer: from, rule: 'type' },
        'The schema has too many alternatives to check, so nothing is proved here.',
      ),
    ];
  }
  const steps = spots[0]?.schemas[0];
  const pointer = steps ? toPointer(claim.schemas.place(steps)) : from;
  const proof: Proof = { claim, demand, siblings, alternatives, pointer };
  const findings = proveTypes(proof);
  if (demand.kind === 'object') return [...findings, ...proveObject(proof, demand)];
  return demand.kind === 'array' ? [...findings, ...proveArray(proof, demand)] : findings;
}

function proveBelow(
  { claim, pointer }: Proof,
  spots: readonly Spot[],
  demand: Demand,
  siblings: readonly Demand[],
): PlaceVerdict[] {
  return proveSpots(claim, spots, demand, siblings, pointer);
}

function proveArray(proof: Proof, demand: ArrayDemand): PlaceVerdict[] {
  const arrays = proof.alternatives.filter(({ branch }) => typesIn(branch).includes('array'));
  if (arrays.length === 0) return [];
  const siblings = proof.siblings.filter((sibling) => sibling.kind === 'array');
  const beside = (index: number): Demand[] =>
    siblings.flatMap((sibling) => sibling.items[index] ?? sibling.rest ?? sibling.items[0] ?? []);
  const items = demand.items.flatMap((item, index) => {
    const spots = itemSpotsOf(proof, arrays, [index]);
    return spots.length === 0 ? [] : proveBelow(proof, spots, item, beside(index));
  });
  const first = demand.items.length;
  const last = Math.max(first, ...arrays.map(({ branch }) => fixedItems(branch)));
  const behind = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const spots = demand.rest ? itemSpotsOf(proof, arrays, behind) : [];
  const rest = demand.rest && spots.length > 0 ? proveBelow(proof, spots, demand.rest, beside(first)) : [];
  const bounds = (branch: Branch): Sizes => ({
    least: boundOf(branch, 'minItems') ?? 0,
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

/** Whether one of the items is sure to be as a variant of `arrayContains` demands. */
function proveContains(proof: Proof, arrays: readonly Alternative[], variant: Demand): PlaceVerdict {
  const { claim, pointer, demand } = proof;
  const at = { place: variant.place, pointer, rule: 'contains' };
  const found = claim.findCounterexample(arrays, ({ branch }) =>
    claim.sampler.arrays(branch).filter((array) => array.every((item) => satisfies(item, variant) === false)),
  );
  if (found) {
    const value = quoteValue(found.value);
    return broken(
      at,
      `The specification allows ${value} for ${demand.place}, which lacks an item that the contract requires.${eitherWay('bound the list and its items', 'leave `arrayContains` out')}`,
    );
  }
  const filled = arrays.every(({ branch }) => (boundOf(branch, 'minItems') ?? 0) > 0);
  const all = proveBelow(proof, itemSpotsOf(proof, arrays, [0]), variant, []);
  if (filled && all.every(({ result }) => result === 'holds'))
    return holds(at, 'The specification requires an item, and every item is as the contract requires.');
  return undecided(at, 'It was not decided whether there is always such an item.');
}

function proveObject(proof: Proof, demand: ObjectDemand): PlaceVerdict[] {
  const { claim } = proof;
  const objects = proof.alternatives.filter(({ branch }) => typesIn(branch).includes('object'));
  if (objects.length === 0) return [];
  const siblings = proof.siblings.filter((sibling) => sibling.kind === 'object');
  const { picked, deciding } = pickBranches(claim, objects, demand);
  const at = (name: string): readonly Alternative[] => (deciding.has(name) ? objects : picked);
  const required = demand.required
    ? [...demand.named.keys()].map((name) => proveRequired(proof, at(name), demand, name))
    : [];
  const absent = new Set(
    required.filter(({ result, rule }) => result === 'broken' && rule === 'property').map(({ place }) => place),
  );
  const named = [...demand.named].flatMap(([name, below]) => {
    if (absent.has(below.place)) return [];
    const beside = siblings.flatMap((sibling) => sibling.named.get(name) ?? sibling.rest ?? []);
    return proveBelow(proof, propertySpotsOf(proof, at(name), name), below, beside);
  });
  return [
    ...proveWhole(proof, picked, demand, (branch) => ({
      least: Math.max(boundOf(branch, 'minProperties') ?? 0, requiredOf(branch).size),
      most: boundOf(branch, 'maxProperties'),
    })),
    ...required,
    ...named,
    ...proveRest(proof, picked, demand, siblings),
    ...proveNames(proof, picked, demand),
  ];
}

function propertySpotsOf({ claim }: Proof, objects: readonly Alternative[], name: string): Spot[] {
  return distinct(
    objects.flatMap((alternative) => {
      const schemas = propertyOf(alternative.branch, name);
      if (schemas === 'nothing') return [];
      const around = claim.sampler.objects(alternative.branch).slice(0, 2);
      return [
        spotBelow(
          alternative,
          schemas,
          around.map((object) => (value: unknown) => ({ ...object, [name]: value })),
        ),
      ];
    }),
  );
}

function proveRequired(
  { claim, pointer }: Proof,
  objects: readonly Alternative[],
  demand: ObjectDemand,
  name: string,
): PlaceVerdict {
  const place = demand.named.get(name)?.place ?? demand.place + writePath([name]);
  const open = objects.filter(({ branch }) => !requiredOf(branch).has(name));
  const at = { place, rule: 'required', pointer: propertyPointerOf(objects, name) ?? pointer };
  if (open.length === 0) return holds(at, 'The specification requires this property, as the contract does.');
  const found = claim.findCounterexample(open, ({ branch }) =>
    claim.sampler.objects(branch).map(({ [name]: _left, ...rest }) => rest),
  );
  const list = eitherWay('list it under `required`', 'leave it out');
  const unclear = `The specification does not clearly require this property, and no allowed response without it was found.${list}`;
  if (!found) return undecided(at, unclear);
  const isHere = objects.filter(({ branch }) => namesOf(branch).has(name));
  const isWriteOnly = isHere.some(({ branch: { parts } }) =>
    parts.some(({ schema }) => isHidden(claim.schemas.document, valueAt(schema, ['properties', name]), 'answer')),
  );
  const allows = isWriteOnly
    ? `has it in requests only.${eitherWay('take `writeOnly` away', 'leave it out')}`
    : `allows a response without it.${list}`;
  return isHere.length > 0
    ? broken(at, `The contract requires this property; the specification ${allows}`)
    : broken(
        { ...at, rule: 'property' },
        `The contract requires this property; the specification does not define it.${eitherWay('describe and require it', 'leave it out')}`,
      );
}

function propertyPointerOf(objects: readonly Alternative[], name: string): string | undefined {
  for (const { branch } of objects) {
    const schemas = propertyOf(branch, name);
    if (schemas !== 'nothing' && schemas[0]) return toPointer(schemas[0]);
  }
  return undefined;
}

function proveRest(
  proof: Proof,
  objects: readonly Alternative[],
  { named, rest }: ObjectDemand,
  siblings: readonly ObjectDemand[],
): PlaceVerdict[] {
  if (!rest) return [];
  const names = new Set([...objects.flatMap(({ branch }) => [...namesOf(branch)]), anyName]);
  const spots = [...names].filter((name) => !named.has(name)).flatMap((name) => propertySpotsOf(proof, objects, name));
  const beside = siblings.flatMap((sibling): Demand[] => (sibling.rest ? [sibling.rest] : []));
  return spots.length === 0 ? [] : proveBelow(proof, distinct(spots), rest, beside);
}

/** A name that no schema has, for what stands below any other name. */
const anyName = 'x-any-other';

function proveNames(
  { claim, pointer }: Proof,
  objects: readonly Alternative[],
  { names, place }: ObjectDemand,
): PlaceVerdict[] {
  if (names.length === 0) return [];
  const at = { place, pointer, rule: 'names' };
  const refused = (name: string): boolean => names.some((condition) => nameKeeps(name, condition) === false);
  const wanted = names.flatMap((condition) => {
    const found = findTexts(not(textsOf(condition, true)), 3);
    return found.kind === 'texts' ? found.texts : [];
  });
  const found = claim.findCounterexample(objects, ({ branch }) =>
    [...namesOf(branch), anyName, ...wanted].filter(refused).flatMap((name) => {
      const below = propertyOf(branch, name);
      const values = below === 'nothing' ? [] : claim.sampler.values(below).slice(0, 3);
      return values.flatMap((value) => claim.sampler.objects(branch).map((object) => ({ ...object, [name]: value })));
    }),
  );
  if (found) {
    const name = JSON.stringify(Object.keys(found.value).find(refused));
    const ways = eitherWay('limit the names (`propertyNames`, `additionalProperties: false`)', 'loosen the rule');
    return [broken(at, `The specification allows the name ${name} here; the contract refuses it.${ways}`)];
  }
  const closed = objects.every(
    ({ branch }) => propertyOf(branch, anyName) === 'nothing' && patternsOf(branch).size === 0,
  );
  const accepted = objects.every(({ branch }) =>
    [...namesOf(branch)].every((name) => names.every((condition) => nameKeeps(name, condition) === true)),
  );
  if (closed && accepted) return [holds(at, 'The specification allows no name that the contract refuses.')];
  return [
    undecided(at, 'It was not decided whether the contract accepts every name that the specification allows here.'),
  ];
}
