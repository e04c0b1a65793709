import { readParameters } from '../openapi/operations.ts';
import { isDescribedElsewhere, styleOf } from '../openapi/parameters.ts';
import { parameterNames } from '../openapi/path-template.ts';
import { canonical, SchemaReader } from '../openapi/schema.ts';
import { jsonTypes, valueAt, type JsonType } from '../util/json.ts';
import { change, compareNamed, type FoundChange } from './change.ts';
import { compareContent } from './compare-content.ts';
import {
  inBoth,
  placeAt,
  placesBelow,
  schemaOf,
  type ComparedOperation,
  type Comparison,
  type Located,
  type LocatedPair,
} from './comparison.ts';
import type { Lens } from './schemas/difference.ts';

const lens: Lens = { direction: 'request', as: 'texts' };

export function compareParameters(
  comparison: Comparison,
  operations: readonly [ComparedOperation, ComparedOperation],
): FoundChange[] {
  const found = inBoth(operations, parametersOf);
  const nameOf = (key: string): string => (found[0].get(key) ?? found[1].get(key))?.name ?? key;
  const changes = compareNamed(found, {
    rule: 'parameter',
    subject: (key) => `The parameter ${nameOf(key)}`,
    isRequired: ({ fields }) => fields['required'] === true,
    compare: (key, ...pair) => compareParameter(comparison, pair, nameOf(key)),
    details: (key) => ({ parameter: nameOf(key) }),
  });
  // The parameters of a path that is written with others are told by the path.
  return changes.filter(
    ({ rule, parameter }) =>
      !/-(removed|added)$/.test(rule) || !parameter?.endsWith('(path)') || rule.startsWith('content'),
  );
}

interface Named extends Located {
  name: string;
}

/** Names in the path are never sent, so its parameters are known by their order; the case of a header's name means nothing. */
function parametersOf({ document, item, steps, path }: ComparedOperation): Map<string, Named> {
  const order = parameterNames(path);
  return new Map(
    readParameters(document, [item.steps, steps]).flatMap((each) => {
      const at = order.indexOf(each.name);
      if (isDescribedElsewhere(each) || (each.in === 'path' && at < 0)) return [];
      const key = each.in === 'path' ? String(at) : each.in === 'header' ? each.name.toLowerCase() : each.name;
      return [[`${key} (${each.in})`, { ...placeAt(document, each.steps), name: `${each.name} (${each.in})` }]];
    }),
  );
}

function compareParameter(comparison: Comparison, pair: LocatedPair, name: string): FoundChange[] {
  const [was, is] = pair;
  const subject = `The parameter ${name}`;
  const isPath = was.fields['in'] === 'path';
  return [
    ...(isPath ? [] : compareRequired(pair, 'parameter-required', subject)),
    ...(was.fields['in'] === 'query' ? compareLeave(pair, subject) : []),
    ...(was.fields['required'] === true ? [] : compareDefaults(pair, subject)),
    ...compareValues(comparison, pair, name),
  ].map((each) => ({ ...each, ...(is.fields['schema'] === undefined ? {} : { schema: [...is.steps, 'schema'] }) }));
}

export function compareRequired([before, after]: LocatedPair, rule: string, subject: string): FoundChange[] {
  const [was, is] = [before.fields['required'] === true, after.fields['required'] === true];
  if (was === is) return [];
  return is
    ? [change('breaking', rule, `${subject} was optional, is required.`)]
    : [change('non-breaking', rule, `${subject} was required, is optional.`)];
}

/** What a query parameter may be besides its schema. */
function compareLeave([was, is]: LocatedPair, subject: string): FoundChange[] {
  // Numbers, true and false have no reserved characters.
  const hasTexts = (['string', 'array', 'object'] as const).some((type) => typesOf(was).has(type));
  return (
    [
      ['allowEmptyValue', 'parameter-empty', 'may be empty'],
      ['allowReserved', 'parameter-reserved', 'may have reserved characters as they are'],
    ] as const
  ).flatMap(([field, rule, leave]) => {
    const [before, after] = [was.fields[field] === true, is.fields[field] === true];
    if (before === after || (field === 'allowReserved' && !hasTexts)) return [];
    return before
      ? [change('breaking', rule, `${subject} no longer ${leave}.`)]
      : [change('non-breaking', rule, `${subject} ${leave} now.`)];
  });
}

/** A request without the parameter means something else now. */
function compareDefaults(pair: LocatedPair, subject: string): FoundChange[] {
  const [was, is] = inBoth(pair, (place) =>
    new SchemaReader(place.document)
      .read([schemaOf(place) ?? []])
      .parts.map(({ schema }) => schema['default'])
      .find((value) => value !== undefined),
  );
  if (canonical(was) === canonical(is)) return [];
  const say = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
  const severity = was === undefined ? 'non-breaking' : 'breaking';
  return [change(severity, 'parameter-default', `${subject} was ${say(was)} where it is left out, is ${say(is)}.`)];
}

function compareValues(comparison: Comparison, pair: LocatedPair, name: string): FoundChange[] {
  const [was, is] = pair;
  const [hadContent, hasContent] = inBoth(pair, (place) => placesBelow(place, 'content').size > 0);
  if (hadContent !== hasContent) {
    const say = (content: boolean): string => (content ? 'by its content' : 'by a schema');
    return [
      change(
        'breaking',
        'parameter-content',
        `The parameter ${name} was described ${say(hadContent)}, is ${say(hasContent)}.`,
      ),
    ];
  }
  if (hadContent) return compareContent(comparison, pair, 'request');
  const [then, now] = inBoth(pair, typesOf);
  const shared = jsonTypes.filter((type) => then.has(type) && now.has(type));
  const others = (types: readonly JsonType[]): readonly [string, string] | undefined => {
    const [before, after] = inBoth(pair, (place) => wayOf(place, types));
    return before === after ? undefined : [before, after];
  };
  const compound = shared.filter((type) => type === 'array' || type === 'object');
  const single = shared.filter((type) => type !== 'array' && type !== 'object');
  const styles = (single.length > 0 && others(single)) || (compound.length > 0 && others(compound));
  if (styles) {
    const sentence = `The parameter ${name} was written as ${styles[0]}, is as ${styles[1]}.`;
    return [change('breaking', 'parameter-style', sentence)];
  }
  const one = oneOfMany(comparison, pair, [then, now]);
  if (one !== undefined)
    return one
      ? [change('non-breaking', 'type', `${name}: may be several values now.`)]
      : comparison.schemas([was, is], lens, { name });
  return comparison.schemas([was, is], lens, { name });
}

function typesOf(place: Located): ReadonlySet<JsonType> {
  const reader = new SchemaReader(place.document);
  const steps = schemaOf(place);
  return reader.types(reader.read(steps ? [steps] : []));
}

/** How values of some types are written, all of them lists and objects or none, in words that differ only where the text does. */
function wayOf({ fields }: Located, types: readonly JsonType[]): string {
  const { style, explode } = styleOf(fields);
  const isCompound = types.includes('array') || types.includes('object');
  const isList = /^(?:simple|spaceDelimited|pipeDelimited)$/.test(style);
  if (!isCompound) return isList || style === 'deepObject' ? 'form' : style;
  if (style === 'deepObject') return style;
  if (explode && isList && style !== 'simple') return 'form, exploded';
  return explode ? `${style}, exploded` : style;
}

/** Whether a single value is the text of a list of one; undefined where it is not about that. */
function oneOfMany(
  comparison: Comparison,
  [was, is]: LocatedPair,
  [then, now]: readonly ReadonlySet<JsonType>[],
): boolean | undefined {
  if (!then || !now || then.has('array') || then.has('object') || now.size !== 1 || !now.has('array')) return undefined;
  const steps = schemaOf(is);
  const reader = new SchemaReader(is.document);
  const [place] = steps ? reader.read([steps]).parts : [];
  const { minItems = 0, items } = place?.schema ?? {};
  const isPlain =
    styleOf(is.fields).explode ||
    ![...then].includes('string') ||
    valueAt(was.fields, ['schema', 'enum']) !== undefined;
  if (!isPlain || Number(minItems) > 1) return false;
  return (
    comparison.isWithin(
      [schemaOf(was), items === undefined || !place ? undefined : [...place.steps, 'items']],
      lens,
    ) === true
  );
}
