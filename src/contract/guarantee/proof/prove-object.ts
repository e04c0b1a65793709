import { toPointer } from '../../../util/json.ts';
import type { Demand, ObjectDemand } from '../../../matching/demand.ts';
import { writePath } from '../demand/places.ts';
import { boundOf, namesOf, propertyOf, requiredOf } from '../../../verify/guarantee/proof/branches.ts';
import { typesIn } from '../../../verify/guarantee/proof/cover.ts';
import type { Finding } from '../../../verify/guarantee/proof/finding.ts';
import { anyName, proveNames } from './prove-names.ts';
import { proveWhole } from './prove-whole.ts';
import type { Proof } from '../../../verify/guarantee/proof/prove.ts';
import { distinct, spotBelow, type Alternative, type Spot } from '../../../verify/guarantee/proof/claim.ts';

/** Proves of an object that it has the names that the contract demands, and of what stands below them what is demanded there. */
export function proveObject(proof: Proof, demand: ObjectDemand): Finding[] {
  const objects = proof.alternatives.filter(({ branch }) => typesIn(branch).includes('object'));
  if (objects.length === 0) return [];
  const siblings = proof.siblings.filter((sibling) => sibling.kind === 'object');
  const required = demand.required
    ? [...demand.named.keys()].map((name) => proveRequired(proof, objects, demand, name))
    : [];
  const absent = new Set(
    required.filter(({ result, rule }) => result === 'broken' && rule === 'property').map(({ place }) => place),
  );
  const named = [...demand.named].flatMap(([name, below]) => {
    if (absent.has(below.place)) return [];
    const beside = siblings.flatMap((sibling) => sibling.named.get(name) ?? sibling.rest ?? []);
    return proof.below(propertySpotsOf(proof, objects, name), below, beside, proof.pointer);
  });
  return [
    ...proveWhole(proof, objects, demand, (branch) => ({
      least: Math.max(boundOf(branch, 'minProperties', Math.max) ?? 0, requiredOf(branch).size),
      most: boundOf(branch, 'maxProperties', Math.min),
    })),
    ...required,
    ...named,
    ...proveRest(proof, objects, demand, siblings),
    ...proveNames(proof, objects, demand),
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
): Finding {
  const place = demand.named.get(name)?.place ?? demand.place + writePath([name]);
  const open = objects.filter(({ branch }) => !requiredOf(branch).has(name));
  const known = objects.some(({ branch }) => namesOf(branch).has(name));
  const at = { place, rule: 'required', pointer: propertyPointerOf(objects, name) ?? pointer };
  if (open.length === 0)
    return { ...at, result: 'holds', sentence: 'The specification requires it, as the contract does.' };
  for (const { spot, branch } of open) {
    const without = claim.sampler.objects(branch).map(({ [name]: _left, ...rest }) => rest);
    if (!claim.counterexample(spot, without)) continue;
    if (!known)
      return {
        ...at,
        rule: 'property',
        result: 'broken',
        sentence: 'The contract demands it, and the specification does not know it.',
      };
    return {
      ...at,
      result: 'broken',
      sentence: 'The contract demands it, and the specification allows an answer without it.',
    };
  }
  const sentence = 'The specification does not plainly require it, and no answer without it was found that it allows.';
  return { ...at, result: 'not verifiable', sentence };
}

function propertyPointerOf(objects: readonly Alternative[], name: string): string | undefined {
  for (const { branch } of objects) {
    const schemas = propertyOf(branch, name);
    if (schemas !== 'nothing' && schemas[0]) return toPointer(schemas[0]);
  }
  return undefined;
}

/** What stands below names that the contract does not name. */
function proveRest(
  proof: Proof,
  objects: readonly Alternative[],
  { named, rest }: ObjectDemand,
  siblings: readonly ObjectDemand[],
): Finding[] {
  if (!rest) return [];
  const names = new Set([...objects.flatMap(({ branch }) => [...namesOf(branch)]), anyName]);
  const spots = [...names].filter((name) => !named.has(name)).flatMap((name) => propertySpotsOf(proof, objects, name));
  const beside = siblings.flatMap((sibling): Demand[] => (sibling.rest ? [sibling.rest] : []));
  return spots.length === 0 ? [] : proof.below(distinct(spots), rest, beside, proof.pointer);
}
