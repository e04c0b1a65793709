import { follow } from '../../openapi/look-up.ts';
import type { ResolvedSchema, SchemaReader, Steps } from '../../openapi/schema.ts';
import { entriesOf, fieldsOf, fromPointer, textAt, valueAt } from '../../util/json.ts';
import { difference, news, type Below, type Difference } from './difference.ts';

interface Discriminator {
  property: string;
  /** The schema that each value of the property leads to. */
  targets: ReadonlyMap<string, Steps>;
}

type Side = readonly [reader: SchemaReader, schema: ResolvedSchema];

/** Compares what the discriminator's property is, and what its values lead to. */
export function compareDiscriminators(before: Side, after: Side): (Difference | Below)[] {
  const [was, is] = [discriminatorOf(before), discriminatorOf(after)];
  if (!was && !is) return [];
  if (!was || !is) return news('discriminator', `a discriminator ${is ? 'is new' : 'was there, is not any more'}.`);
  if (was.property !== is.property)
    return difference('discriminator', false, false, `the discriminator was ${was.property}, is ${is.property}.`);
  const [then, now] = [[...was.targets.keys()], [...is.targets.keys()]];
  const say = (values: readonly string[]): string => values.join(', ') || 'no value';
  const isWithin = (values: readonly string[], others: readonly string[]): boolean =>
    values.every((each) => others.includes(each));
  const sentence = `the discriminator ${was.property} led on by ${say(then)}, does by ${say(now)}.`;
  return [
    ...difference('discriminator-value', isWithin(then, now), isWithin(now, then), sentence),
    ...[...was.targets].flatMap(([value, target]) => {
      const other = is.targets.get(value);
      return other ? [{ step: '', before: [target], after: [other] }] : [];
    }),
  ];
}

function discriminatorOf([reader, { parts, groups }]: Side): Discriminator | undefined {
  for (const { schema } of parts) {
    const property = textAt(schema['discriminator'], 'propertyName');
    if (property === undefined) continue;
    const mapped = entriesOf(fieldsOf(schema['discriminator'])?.['mapping']).map(([value, target]) => {
      const text = String(target);
      const steps = text.startsWith('#') ? fromPointer(text.slice(1)) : ['components', 'schemas', text];
      return [value, reader.at(steps)] as const;
    });
    const known = new Set(mapped.map(([, steps]) => steps.join('\0')));
    // A schema without a value of its own is meant by its name.
    const named = groups
      .flatMap(({ schemas }) => schemas.map((steps) => referredFrom(reader, steps)))
      .filter((steps) => steps[0] === 'components' && steps.length === 3 && !known.has(steps.join('\0')));
    const targets = [...mapped, ...named.map((steps) => [steps.at(-1) ?? '', steps] as const)];
    return { property, targets: new Map(targets.filter(([, at]) => valueAt(reader.document, at) !== undefined)) };
  }
  return undefined;
}

/** Where a schema stands that may be a reference. */
export function referredFrom({ document }: SchemaReader, steps: Steps): Steps {
  return follow(document, steps);
}
