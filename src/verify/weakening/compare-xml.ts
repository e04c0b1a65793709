import { isDeepStrictEqual } from 'node:util';
import { selectRules, writePath } from '../../matching/compile.ts';
import type { Condition } from '../../matching/demand.ts';
import { conditionOf } from '../../matching/matchers.ts';
import type { HttpPart, PathRules, PathStep, RuleList } from '../../pact/model.ts';
import { essence } from '../../util/media-type.ts';
import { xmlLeaves, type XmlLeaf } from '../../util/xml.ts';
import { loss, type Loss } from './weakening.ts';

type CompareConditions = (place: string, was: Condition, is: Condition) => Loss[];

/**
 * Compares XML bodies as Pact does, by their elements, texts and attributes, each with the rules for its path; undefined where
 * one of them is no XML.
 */
export function compareXml(was: HttpPart, is: HttpPart, place: string, compare: CompareConditions): Loss[] | undefined {
  const [before, now] = [sidesOf(was), sidesOf(is)];
  if (!before || !now) return undefined;
  const leaves = [...before.leaves].flatMap(([key, all]) =>
    compareLeaves(
      `${place}${writePath(all[0]?.path ?? [])}`,
      all,
      now.leaves.get(key),
      [before.rules, now.rules],
      compare,
    ),
  );
  return leaves.length > 0 ? leaves : changedSizes(before.rules, now.rules, place);
}

interface Side {
  /** By their paths; several where an element is repeated. */
  leaves: Map<string, XmlLeaf[]>;
  rules: PathRules[];
}

/** The values of a body that is XML, in their order; those of an element's attributes by their names. */
export function xmlOf({ body, contentType }: HttpPart): XmlLeaf[] | undefined {
  const isXml = contentType === undefined || /[/+]xml$/.test(essence(contentType));
  return isXml && body.kind === 'text' ? xmlLeaves(body.text) : undefined;
}

function sidesOf(part: HttpPart): Side | undefined {
  const all = xmlOf(part);
  if (!all) return undefined;
  const leaves = new Map<string, XmlLeaf[]>();
  for (const leaf of all) {
    const key = leaf.path.join('\0');
    const known = leaves.get(key);
    if (known) known.push(leaf);
    else leaves.set(key, [leaf]);
  }
  return { leaves, rules: part.rules.body.map(withoutIndices) };
}

/** Which of several elements of a name is meant does not matter here. */
function withoutIndices(rules: PathRules): PathRules {
  const isIndex = (step: PathStep): boolean =>
    typeof step === 'number' || (typeof step === 'object' && step.any === 'index');
  return { ...rules, path: rules.path.filter((step) => !isIndex(step)) };
}

function compareLeaves(
  place: string,
  was: readonly XmlLeaf[],
  is: readonly XmlLeaf[] | undefined,
  [before, after]: readonly [readonly PathRules[], readonly PathRules[]],
  compare: CompareConditions,
): Loss[] {
  if (!is) return [loss('field', place, 'The contract no longer requires this.')];
  const ruled = (rules: readonly PathRules[], path: readonly string[]): RuleList | undefined =>
    selectRules(rules, path)?.rules;
  const [first] = was;
  if (was.length > is.length && !(first && ruled(before, first.path)))
    return [loss('items', place, 'The contract requires fewer of these elements.')];
  if (was.length === is.length && was.some(({ at }, index) => at !== is[index]?.at))
    return [loss('unproved', place, 'It cannot be proved that these stand in the same elements as before.')];
  const losses = was.slice(0, is.length).flatMap(({ path, value }, index) => {
    const now = is[index]?.value ?? '';
    return compare(place, conditionOf(ruled(before, path), value), conditionOf(ruled(after, path), now));
  });
  return losses.slice(0, 1);
}

/** Rules that name how many elements there are, and others that say nothing of texts. */
function changedSizes(was: readonly PathRules[], is: readonly PathRules[], place: string): Loss[] {
  return is.flatMap(({ path, rules, combine, text }) => {
    const before = was.find((each) => isDeepStrictEqual(each.path, path));
    if (before && isDeepStrictEqual([before.rules, before.combine], [rules, combine])) return [];
    if (before === undefined && rules.every(({ match }) => match === 'equality')) return [];
    const sentence = 'It cannot be proved that the rules for this part of the XML are as strict as before.';
    return [loss('unproved', `${place}${text.replace(/^\$/, '')}`, sentence)];
  });
}
