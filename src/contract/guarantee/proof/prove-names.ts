import type { ObjectDemand } from '../../../matching/demand.ts';
import { nameKeeps } from '../../../matching/matchers.ts';
import { textsOf } from '../demand/texts.ts';
import { findTexts } from '../../../matching/regex/find-text.ts';
import { not } from '../../../matching/regex/language.ts';
import { namesOf, propertyOf, type Branch } from '../../../verify/guarantee/proof/branches.ts';
import type { Finding } from '../../../verify/guarantee/proof/finding.ts';
import type { Proof } from '../../../verify/guarantee/proof/prove.ts';
import type { Alternative } from '../../../verify/guarantee/proof/claim.ts';

/** A name that no schema has, for what stands below any other name. */
export const anyName = 'x-any-other';

/** Whether all names that may come are such as the contract accepts. */
export function proveNames(
  { claim, pointer }: Proof,
  objects: readonly Alternative[],
  { names, place }: ObjectDemand,
): Finding[] {
  if (names.length === 0) return [];
  const at = { place, pointer, rule: 'names' };
  const refused = (name: string): boolean => names.some((condition) => nameKeeps(name, condition) === false);
  const wanted = names.flatMap((condition) => {
    const found = findTexts(not(textsOf(condition, true)), 3);
    return found.kind === 'texts' ? found.texts : [];
  });
  for (const { spot, branch } of objects) {
    const candidates = [...namesOf(branch), anyName, ...wanted].filter(refused).flatMap((name) => {
      const below = propertyOf(branch, name);
      const values = below === 'nothing' ? [] : claim.sampler.values(below).slice(0, 3);
      return values.flatMap((value) => claim.sampler.objects(branch).map((object) => ({ ...object, [name]: value })));
    });
    const found = claim.counterexample(spot, candidates);
    if (!found) continue;
    const name = Object.keys(Object(found.value)).find(refused);
    const sentence = `The specification allows the name ${JSON.stringify(name)} here, and the contract refuses it.`;
    return [{ ...at, result: 'broken', sentence }];
  }
  const closed = objects.every(({ branch }) => propertyOf(branch, anyName) === 'nothing' && !hasPatterns(branch));
  const accepted = objects.every(({ branch }) =>
    [...namesOf(branch)].every((name) => names.every((condition) => nameKeeps(name, condition) === true)),
  );
  if (closed && accepted)
    return [{ ...at, result: 'holds', sentence: 'The specification allows no name that the contract refuses.' }];
  return [
    {
      ...at,
      result: 'not verifiable',
      sentence: 'Whether the contract accepts each name that the specification allows here was not decided.',
    },
  ];
}

function hasPatterns({ parts }: Branch): boolean {
  return parts.some(({ schema }) => schema['patternProperties'] !== undefined);
}
