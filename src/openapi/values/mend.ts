import { isFields, isList } from '../../util/json.ts';
import type { Random } from '../../util/random.ts';
import type { Violation } from '../schema-checker.ts';
import type { Conjunction, Steps } from '../schema.ts';
import type { Values } from './values.ts';

/** To mend one violation may show another, which an alternative hid. */
const rounds = 5;

/** A valid answer that keeps all of a value that is right, and has made-up parts elsewhere; undefined where that fails. */
export function mended(values: Values, schema: Steps, value: unknown, random: Random): unknown {
  let found = value;
  for (let round = 0; round < rounds; round += 1) {
    const wrong = values.violations(schema, found, 'answer');
    if (wrong.length === 0) return found;
    const places = wrong.map(({ steps, keyword, missing }) => ({
      steps: missing === undefined ? steps : [...steps, missing],
      keyword,
    }));
    for (const { steps, keyword } of outermost(places)) {
      const place = keyword === 'additionalProperties' ? 'nothing' : schemasAt(values, [schema], steps);
      found = withPart(found, steps, place === 'nothing' ? undefined : values.made(place, 'answer', random));
    }
  }
  return undefined;
}

/** Without those within a part that another one replaces. */
function outermost<Place extends Pick<Violation, 'steps'>>(wrong: readonly Place[]): Place[] {
  const kept = new Map<string, Place>();
  for (const each of wrong.toSorted((a, b) => a.steps.length - b.steps.length)) {
    const above = each.steps.map((_, depth) => JSON.stringify(each.steps.slice(0, depth)));
    if (!above.some((place) => kept.has(place))) kept.set(JSON.stringify(each.steps), each);
  }
  return [...kept.values()];
}

function schemasAt(values: Values, schemas: Conjunction, steps: readonly string[]): Conjunction | 'nothing' {
  let found: Conjunction | 'nothing' = schemas;
  for (const step of steps) {
    if (found === 'nothing') return found;
    found = values.below(found, step);
  }
  return found;
}

/** A copy of a value with another part at some steps; undefined removes it. */
function withPart(value: unknown, [step, ...rest]: readonly string[], part: unknown): unknown {
  if (step === undefined) return part;
  if (isList(value)) {
    return value.flatMap((item: unknown, index) => {
      const changed = String(index) === step ? withPart(item, rest, part) : item;
      return changed === undefined ? [] : [changed];
    });
  }
  if (!isFields(value)) return value;
  const all = { ...value, [step]: withPart(value[step], rest, part) };
  return Object.fromEntries(Object.entries(all).filter(([name, each]) => name !== step || each !== undefined));
}
