import type { Demand, ObjectDemand } from '../../../matching/demand.ts';
import {
  propertyOf,
  TooManyBranches,
  valuesOf,
  canonical,
  type Branch,
  type Conjunction,
} from '../../../openapi/schema.ts';
import { fieldsOf, textAt, toPointer, valueAt } from '../../../util/json.ts';
import type { Alternative, Claim } from './claim.ts';
import { exampleOf, isExample } from './cover.ts';

/**
 * Of the alternatives of a union, those that the exact values of a demand leave: `kind: "cat"` is that of one. Which value is
 * sent, request and state decide; what else comes depends on it.
 * @returns also the names whose values leave some out, and which are to be proved of all alternatives.
 */
export function pickBranches(
  claim: Claim,
  objects: readonly Alternative[],
  demand: ObjectDemand,
): { picked: readonly Alternative[]; deciding: ReadonlySet<string> } {
  const deciding = new Set<string>();
  const picked = objects.filter(({ branch }) => {
    const against = [...demand.named].filter(([name, below]) => excludes(claim, branch, name, below));
    for (const [name] of against) deciding.add(name);
    return against.length === 0;
  });
  return picked.length > 0 ? { picked, deciding } : { picked: objects, deciding: new Set() };
}

/** Whether a branch is sure to have no such value below a name. */
function excludes(claim: Claim, branch: Branch, name: string, below: Demand): boolean {
  if (below.kind === 'array') return false;
  if (isExample(below) && below.kind === 'scalar') {
    const example = exampleOf(below.condition);
    if (isOther(claim, branch, name, example)) return true;
    const found = branchesBelow(claim, propertyOf(branch, name));
    return found.every((each) => valuesOf(each)?.every((value) => canonical(value) !== canonical(example)) === true);
  }
  if (below.kind !== 'object' || ![...below.named.values()].some(isExact)) return false;
  const found = branchesBelow(claim, propertyOf(branch, name));
  return found.every((each) => [...below.named].some(([inner, demand]) => excludes(claim, each, inner, demand)));
}

function isExact(demand: Demand): boolean {
  return isExample(demand) || (demand.kind === 'object' && [...demand.named.values()].some(isExact));
}

function branchesBelow(claim: Claim, schemas: Conjunction | 'nothing'): Branch[] {
  if (schemas === 'nothing') return [];
  try {
    return claim.schemas.expand(schemas);
  } catch (error) {
    // What is not known excludes nothing.
    if (error instanceof TooManyBranches) return [{ parts: [] }];
    throw error;
  }
}

/** Whether a discriminator names another schema for a value than those of the branch (OpenAPI 3.1, section 4.8.25). */
function isOther({ schemas: { document } }: Claim, { parts }: Branch, name: string, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  return parts.some(({ schema: { discriminator } }) => {
    if (textAt(discriminator, 'propertyName') !== name) return false;
    const mapped = textAt(fieldsOf(discriminator)?.['mapping'], value) ?? value;
    const target = mapped.startsWith('#') ? mapped.slice(1) : `/components/schemas/${mapped}`;
    const isKnown = valueAt(document, target.slice(1).split('/')) !== undefined;
    return isKnown && parts.every(({ steps }) => toPointer(steps) !== target);
  });
}
