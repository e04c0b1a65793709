import {
  boundOf,
  canonical,
  describes,
  fixedItems,
  itemOf,
  mostItems,
  namesOf,
  patternOf,
  patternsOf,
  requiredOf,
  typesOfBranch,
  valuesOf,
  type Branch,
  type Conjunction,
  type ResolvedSchema,
  type SchemaReader,
} from '../openapi/schema.ts';
import { jsonTypes, type JsonType } from '../util/json.ts';

export interface Difference {
  rule: string;
  /** The place below that of the schemas: `.name`, or empty. */
  step: string;
  /** What becomes of the values that are allowed. `none`: nothing that can break a client. */
  change: 'wider' | 'narrower' | 'other' | 'none';
  sentence: string;
}

export interface Below {
  step: string;
  before: Conjunction;
  after: Conjunction;
}

type Side = readonly [reader: SchemaReader, schema: ResolvedSchema];

export function differencesOf(before: Side, after: Side): { differences: Difference[]; below: Below[] } {
  const [[reader, was], [other, is]] = [before, after];
  const [types, now] = [reader.types(was), other.types(is)];
  const shared = new Set([...types].filter((type) => now.has(type)));
  const inside = [
    ...(shared.has('object') ? compareObjects(before, after) : []),
    ...(shared.has('array') ? compareItems(was, is) : []),
  ];
  return {
    differences: [
      ...compareTypes(before, after),
      ...compareValues(was, is),
      ...compareBounds(was, is, shared),
      ...compareConstraints(was, is, shared),
      ...inside.filter((each) => 'rule' in each),
    ],
    below: inside.filter((each) => 'before' in each),
  };
}

/** How the set of allowed values changes. */
function changeOf(isWithin: boolean, wasWithin: boolean): 'wider' | 'narrower' | 'other' | undefined {
  if (isWithin && wasWithin) return undefined;
  return isWithin ? 'narrower' : wasWithin ? 'wider' : 'other';
}

function difference(rule: string, change: Difference['change'] | undefined, sentence: string, step = ''): Difference[] {
  return change ? [{ rule, step, change, sentence }] : [];
}

function compareTypes([reader, was]: Side, [other, is]: Side): Difference[] {
  if (valuesOf(was) && valuesOf(is)) return [];
  // Where both have alternatives, these say which types they are for.
  const own = was.groups.length === is.groups.length && !was.never && !is.never;
  const [then, now] = own ? [typesOfBranch(was), typesOfBranch(is)] : [reader.types(was), other.types(is)];
  const change = changeOf(
    [...now].every((type) => then.has(type)),
    [...then].every((type) => now.has(type)),
  );
  return difference('type', change, `was ${typeNames(then)}, is ${typeNames(now)}.`);
}

function typeNames(types: ReadonlySet<JsonType>): string {
  if (types.size === 0) return 'no value';
  if (types.size === jsonTypes.length) return 'any type';
  return [...types].filter((type) => type !== 'integer' || !types.has('number')).join(' or ');
}

function compareValues(was: Branch, is: Branch): Difference[] {
  const [then, now] = [valuesOf(was), valuesOf(is)];
  const within = (values: unknown[] | undefined, others: unknown[] | undefined): boolean => {
    const known = new Set(others?.map(canonical));
    return others === undefined || (values !== undefined && values.every((value) => known.has(canonical(value))));
  };
  const say = (values: readonly unknown[] | undefined): string => (values ? JSON.stringify(values) : 'any value');
  return difference('enum', changeOf(within(now, then), within(then, now)), `was ${say(then)}, is ${say(now)}.`);
}

const numbers: JsonType[] = ['integer', 'number'];

interface Bound {
  keyword: string;
  value: number;
}

/** The keywords that bound one figure from one side, and the types whose values have it. */
const bounds: readonly { keywords: readonly string[]; types: readonly JsonType[]; sign: 1 | -1; least?: number }[] = [
  { keywords: ['minimum', 'exclusiveMinimum'], types: numbers, sign: 1 },
  { keywords: ['maximum', 'exclusiveMaximum'], types: numbers, sign: -1 },
  ...(['Length', 'Items', 'Properties'] as const).flatMap((figure) => {
    const types: JsonType[] = figure === 'Length' ? ['string'] : figure === 'Items' ? ['array'] : ['object'];
    return [
      { keywords: [`min${figure}`], types, sign: 1 as const, least: 0 },
      { keywords: [`max${figure}`], types, sign: -1 as const },
    ];
  }),
];

function compareBounds(was: Branch, is: Branch, shared: ReadonlySet<JsonType>): Difference[] {
  return bounds.flatMap(({ keywords, types, sign, least }) => {
    if (!types.some((type) => shared.has(type))) return [];
    const tightest = (branch: Branch): Bound | undefined => {
      const found = keywords.flatMap((keyword) => {
        const value = keyword === 'maxItems' ? mostItems(branch) : boundOf(branch, keyword);
        return value === undefined || value === least ? [] : [{ keyword, value }];
      });
      return found.toSorted((a, b) => compareTightness(b, a, sign))[0];
    };
    const [then, now] = [tightest(was), tightest(is)];
    const order = compareTightness(now, then, sign);
    const keyword = (now ?? then)?.keyword ?? '';
    const alike = now === undefined || then === undefined || now.keyword === then.keyword;
    const say = (bound: Bound | undefined): string =>
      bound ? `${alike ? '' : `${bound.keyword} `}${bound.value}` : 'nothing';
    const sentence = `${alike ? `${keyword} ` : ''}was ${say(then)}, is ${say(now)}.`;
    return order === 0 ? [] : difference(keyword, order > 0 ? 'narrower' : 'wider', sentence);
  });
}

function compareTightness(a: Bound | undefined, b: Bound | undefined, sign: 1 | -1): number {
  if (!a || !b) return Number(a !== undefined) - Number(b !== undefined);
  const exclusion = ({ keyword }: Bound): number => Number(keyword.startsWith('exclusive'));
  return (a.value - b.value) * sign || exclusion(a) - exclusion(b);
}

/** Keywords that several parts of a schema may have; a value must keep them all. */
const constraints: Readonly<Record<string, readonly JsonType[]>> = {
  format: jsonTypes,
  pattern: ['string'],
  multipleOf: numbers,
  uniqueItems: ['array'],
  contains: ['array'],
  propertyNames: ['object'],
  dependentRequired: ['object'],
  dependentSchemas: ['object'],
};

function compareConstraints(was: Branch, is: Branch, shared: ReadonlySet<JsonType>): Difference[] {
  return Object.entries(constraints).flatMap(([keyword, types]) => {
    if (!types.some((type) => shared.has(type))) return [];
    const of = ({ parts }: Branch): unknown[] => [
      ...new Map(
        parts
          .map(({ schema }) => schema[keyword])
          .filter((value) => value !== undefined && value !== false)
          .map((value) => [canonical(value), value]),
      ).values(),
    ];
    const [then, now] = [of(was), of(is)];
    const kept = (all: unknown[], others: unknown[]): boolean =>
      others.every((each) => all.some((one) => implies(keyword, one, each)));
    const say = (values: unknown[]): string => values.map((each) => JSON.stringify(each)).join(' and ') || 'nothing';
    return difference(
      keyword,
      changeOf(kept(now, then), kept(then, now)),
      `${keyword} was ${say(then)}, is ${say(now)}.`,
    );
  });
}

function implies(keyword: string, one: unknown, other: unknown): boolean {
  if (canonical(one) === canonical(other)) return true;
  return keyword === 'multipleOf' && Number.isInteger(Number(one) / Number(other));
}

function compareObjects([reader, was]: Side, [other, is]: Side): (Difference | Below)[] {
  const [needed, needs] = [requiredOf(was), requiredOf(is)];
  const names = new Set([...namesOf(was), ...namesOf(is), ...needed, ...needs]);
  const properties = [...names].flatMap((name) => {
    const step = `.${name}`;
    const [had, has] = [describes(was, name), describes(is, name)];
    if (had && !has) return difference('property-removed', 'other', 'was there, is not described any more.', step);
    const [then, now] = [reader.property(was, name), other.property(is, name)];
    const own = ((): Difference[] => {
      const [was, is] = [needed.has(name), needs.has(name)];
      if (!had && has && is && !was) return difference('required-property-added', 'narrower', 'is new.', step);
      if (!had && has) return difference('property-added', 'none', 'is new.', step);
      if (was === is) return [];
      return is
        ? difference('required', 'narrower', 'was optional, is required.', step)
        : difference('required', 'wider', 'was required, is optional.', step);
    })();
    // Any name was allowed before, so a new one can be compared.
    const known = had || (then !== 'nothing' && then.length > 0);
    return [...own, ...(known && has ? compareBelow(then, now, step, 'the property') : [])];
  });
  const patterns = [...new Set([...patternsOf(was), ...patternsOf(is)])].flatMap((pattern) =>
    compareBelow(patternOf(was, pattern), patternOf(is, pattern), '.*', `properties like ${pattern}`),
  );
  return [
    ...properties,
    ...patterns,
    ...compareBelow(reader.property(was), other.property(is), '.*', 'other properties'),
  ];
}

/** Additional names break nothing, and neither do new properties. */
function compareBelow(
  was: Conjunction | 'nothing',
  is: Conjunction | 'nothing',
  step: string,
  what: string,
): (Difference | Below)[] {
  if (was !== 'nothing' && is !== 'nothing')
    return was.length + is.length > 0 ? [{ step, before: was, after: is }] : [];
  if (was === is) return [];
  return is === 'nothing'
    ? difference('additional-properties', 'narrower', `${what} could be there, cannot any more.`, step)
    : difference('additional-properties', 'none', `${what} could not be there, can now.`, step);
}

function compareItems(was: Branch, is: Branch): Below[] {
  const fixed = Math.max(fixedItems(was), fixedItems(is));
  return Array.from({ length: fixed + 1 }, (_, index) => {
    const [before, after] = [itemOf(was, index), itemOf(is, index)];
    const step = index < fixed ? `[${index}]` : '[*]';
    // The end of an array is compared as its length.
    return before === 'nothing' || after === 'nothing' ? [] : [{ step, before, after }];
  }).flat();
}
