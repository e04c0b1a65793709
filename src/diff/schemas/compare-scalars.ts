import { boundOf, fixedItems, requiredOf, typesOfBranch, valuesOf, type Branch } from '../../openapi/schema.ts';
import { stringsOf } from '../../openapi/values/strings.ts';
import type { JsonType } from '../../util/json.ts';
import { findTexts } from '../../util/regex/find-text.ts';
import { both, either, matching, not, ofLength, wholly, type Language } from '../../util/regex/language.ts';
import { difference, every, sayAll, valuesOfKeyword, type Difference, type Side, type Within } from './difference.ts';

/** The types of a branch; a `multipleOf` of whole numbers allows integers alone. */
export function narrowedTypes(branch: Branch): Set<JsonType> {
  const types = typesOfBranch(branch);
  if (divisorsOf(branch).some((divisor) => Number.isInteger(divisor))) types.delete('number');
  return types;
}

interface Bound {
  keyword: string;
  value: number;
}

interface Figure {
  keywords: readonly string[];
  types: readonly JsonType[];
  sign: 1 | -1;
  /** What the keyword says where it is not written. */
  usual?: number;
}

/** The keywords that bound one figure from one side, and the types whose values have it. */
const figures: readonly Figure[] = [
  { keywords: ['minimum', 'exclusiveMinimum'], types: ['integer', 'number'], sign: 1 },
  { keywords: ['maximum', 'exclusiveMaximum'], types: ['integer', 'number'], sign: -1 },
  ...(['Length', 'Items', 'Properties'] as const).flatMap((figure): Figure[] => {
    const types: JsonType[] = figure === 'Length' ? ['string'] : figure === 'Items' ? ['array'] : ['object'];
    return [
      { keywords: [`min${figure}`], types, sign: 1, usual: 0 },
      { keywords: [`max${figure}`], types, sign: -1 },
    ];
  }),
];

export function compareBounds(was: Side, is: Side, shared: ReadonlySet<JsonType>): Difference[] {
  return figures.flatMap((figure) => {
    const types = figure.types.filter((type) => shared.has(type));
    const [then, now] = [tightest(was, figure), tightest(is, figure)];
    if (types.length === 0 || (then?.keyword === now?.keyword && then?.value === now?.value)) return [];
    const within = (one: Side, other: Side): Within => types.every((type) => isBounded(one, other, figure, type));
    const keyword = (now ?? then)?.keyword ?? '';
    const alike = now === undefined || then === undefined || now.keyword === then.keyword;
    const say = (bound: Bound | undefined): string =>
      bound ? `${alike ? '' : `${bound.keyword} `}${bound.value}` : 'nothing';
    const sentence = `${alike ? `${keyword} ` : ''}was ${say(then)}, is ${say(now)}.`;
    const strings = keyword.endsWith('Length');
    const [kept, known] = [within(was, is), within(is, was)];
    return difference(
      keyword,
      kept || (strings && areStringsWithin(was.branch, is.branch) === true),
      known || (strings && areStringsWithin(is.branch, was.branch) === true),
      sentence,
    );
  });
}

/** The largest length of an array: `items: false` and `unevaluatedItems: false` end it as well. */
export function longest({ reader, branch }: Pick<Side, 'branch'> & Partial<Side>): number | undefined {
  const most = boundOf(branch, 'maxItems');
  for (let index = 0; index <= fixedItems(branch); index += 1)
    if (reader?.item(branch, index) === 'nothing') return Math.min(index, most ?? Infinity);
  return most;
}

function tightest(side: Pick<Side, 'branch'> & Partial<Side>, { keywords, sign, usual }: Figure): Bound | undefined {
  const found = keywords.flatMap((keyword) => {
    const value = keyword === 'maxItems' ? longest(side) : boundOf(side.branch, keyword);
    return value === undefined || value === usual ? [] : [{ keyword, value }];
  });
  return found.toSorted((a, b) => (b.value - a.value) * sign || exclusion(b) - exclusion(a))[0];
}

function exclusion({ keyword }: Bound): number {
  return Number(keyword.startsWith('exclusive'));
}

/** Whether what one side allows is within the other's bound, its other keywords considered. */
function isBounded(one: Side, other: Side, figure: Figure, type: JsonType): boolean {
  const asked = tightest(other, figure);
  if (!asked) return true;
  const { sign } = figure;
  const isWithin = (bound: Bound): boolean => {
    const [own, wanted] = type === 'integer' ? [whole(bound, sign), whole(asked, sign)] : [bound, asked];
    return (own.value - wanted.value) * sign > 0 || (own.value === wanted.value && exclusion(own) >= exclusion(wanted));
  };
  const implied = type === 'object' && sign === 1 ? requiredOf(one.branch).size : undefined;
  const own = [tightest(one, figure), implied && { keyword: asked.keyword, value: implied }, rangeOf(one, figure)];
  return own.some((bound) => bound && isWithin(bound));
}

/** The bound of an integer as one that it may reach. */
function whole(bound: Bound, sign: 1 | -1): Bound {
  const value = sign === 1 ? Math.ceil(bound.value) : Math.floor(bound.value);
  return { keyword: '', value: exclusion(bound) && value === bound.value ? value + sign : value };
}

/** The bound that the format int32 is. */
function rangeOf({ branch }: Side, { keywords, sign }: Figure): Bound | undefined {
  const [keyword = ''] = keywords;
  if (!/^m\w{2}imum$/.test(keyword) || !formatsOf(branch, 'number').includes('int32')) return undefined;
  return { keyword, value: sign === 1 ? -(2 ** 31) : 2 ** 31 - 1 };
}

function divisorsOf(branch: Branch): number[] {
  return valuesOfKeyword(branch, 'multipleOf').filter((value) => typeof value === 'number');
}

export function compareNumbers(was: Side, is: Side, shared: ReadonlySet<JsonType>): Difference[] {
  if (!shared.has('integer') && !shared.has('number')) return [];
  const [then, now] = [divisorsOf(was.branch), divisorsOf(is.branch)];
  // Each integer is a multiple of 1, and of a half.
  const step = shared.has('number') ? [] : [1];
  const within = (own: readonly number[], asked: readonly number[]): boolean =>
    asked.every((each) => [...own, ...step].some((one) => isWhole(one / each)));
  const sentence = `multipleOf was ${sayAll(then)}, is ${sayAll(now)}.`;
  return [
    ...difference('multipleOf', within(then, now), within(now, then), sentence),
    ...compareFormats(was, is, 'number'),
  ];
}

function isWhole(ratio: number): boolean {
  return Math.round(ratio) !== 0 && Math.abs(ratio - Math.round(ratio)) <= Math.abs(ratio) * 1e-12;
}

/** Formats that limit values, each with those whose values have it too. Any other format only describes. */
const formats: Readonly<Record<'number' | 'string', Readonly<Record<string, readonly string[]>>>> = {
  number: { int32: [], int64: ['int32'], float: [], double: ['float'] },
  string: {
    date: [],
    time: [],
    'date-time': [],
    duration: [],
    email: [],
    'idn-email': ['email'],
    hostname: [],
    'idn-hostname': ['hostname'],
    ipv4: [],
    ipv6: [],
    uri: [],
    'uri-reference': ['uri'],
    iri: ['uri'],
    'iri-reference': ['uri', 'uri-reference', 'iri'],
    'uri-template': [],
    uuid: [],
    'json-pointer': [],
    'relative-json-pointer': [],
    regex: [],
    byte: [],
    binary: [],
  },
};

function formatsOf(branch: Branch, kind: 'number' | 'string'): string[] {
  const encodings = kind === 'string' ? valuesOfKeyword(branch, 'contentEncoding') : [];
  // OpenAPI 3.1 says `contentEncoding` for the format byte of 3.0.
  const found = [...valuesOfKeyword(branch, 'format'), ...(encodings.includes('base64') ? ['byte'] : [])];
  return found.filter((each) => typeof each === 'string').filter((each) => Object.hasOwn(formats[kind], each));
}

function compareFormats({ branch: was }: Side, { branch: is }: Side, kind: 'number' | 'string'): Difference[] {
  const [then, now] = [formatsOf(was, kind), formatsOf(is, kind)];
  const within = (branch: Branch, own: readonly string[], asked: readonly string[]): boolean =>
    asked.every(
      (each) =>
        [each, ...(formats[kind][each] ?? [])].some((one) => own.includes(one)) ||
        (each === 'int32' && within32(branch)),
    );
  const sentence = `format was ${sayAll(then)}, is ${sayAll(now)}.`;
  return difference('format', within(was, then, now), within(is, now, then), sentence);
}

function within32(branch: Branch): boolean {
  const [least, most] = [boundOf(branch, 'minimum'), boundOf(branch, 'maximum')];
  return least !== undefined && most !== undefined && least >= -(2 ** 31) && most < 2 ** 31;
}

export function compareStrings(was: Side, is: Side): Difference[] {
  const [then, now] = [valuesOfKeyword(was.branch, 'pattern'), valuesOfKeyword(is.branch, 'pattern')];
  const within = (one: Branch, other: Branch, own: readonly unknown[], asked: readonly unknown[]): Within =>
    asked.every((each) => own.includes(each)) || areStringsWithin(one, other);
  const sentence = `pattern was ${sayAll(then)}, is ${sayAll(now)}.`;
  return [
    ...difference(
      'pattern',
      within(was.branch, is.branch, then, now),
      within(is.branch, was.branch, now, then),
      sentence,
    ),
    ...compareFormats(was, is, 'string'),
    ...(['contentEncoding', 'contentMediaType'] as const).flatMap((keyword) => {
      const of = ({ branch }: Side): unknown[] =>
        valuesOfKeyword(branch, keyword).filter((value) => keyword !== 'contentEncoding' || value !== 'base64');
      const [before, after] = [of(was), of(is)];
      const isIn = (own: readonly unknown[], asked: readonly unknown[]): boolean =>
        asked.every((each) => own.includes(each));
      const says = `${keyword} was ${sayAll(before)}, is ${sayAll(after)}.`;
      return difference(keyword, isIn(before, after), isIn(after, before), says);
    }),
  ];
}

/** Whether the strings of one branch have the lengths and patterns of another. */
function areStringsWithin(one: Branch, other: Branch): Within {
  const found = findTexts(both(stringsOf(one), not(exactly(other))));
  if (found.kind === 'unknown') return undefined;
  if (found.kind === 'none') return true;
  // What is known of a format is more than its texts.
  return formatsOf(one, 'string').length === 0 ? false : undefined;
}

/** The strings with the lengths and patterns of a branch, and no others. */
function exactly(branch: Branch): Language {
  const patterns = valuesOfKeyword(branch, 'pattern').filter((each) => typeof each === 'string');
  const lengths = ofLength(boundOf(branch, 'minLength') ?? 0, boundOf(branch, 'maxLength'));
  return both(lengths, ...patterns.map((each) => matching(each, 'ecma')));
}

/** Whether values of a type, written as texts, are among the texts that stand for the strings of another branch. */
export function isTextOf(type: JsonType, { branch: one }: Side, { branch: other }: Side): Within {
  if (!typesOfBranch(other).has('string')) return false;
  const written: Partial<Record<JsonType, string>> = {
    integer: String.raw`-?(?:0|[1-9]\d*)`,
    number: String.raw`-?(?:0|[1-9]\d*)\.\d+`,
    boolean: 'true|false',
    // It has no text of its own.
    null: '(?:null)?',
  };
  const { [type]: form } = written;
  if (form === undefined) return false;
  const values = valuesOf(one)?.map((value) => wholly(JSON.stringify(value).replace('.', String.raw`\.`)));
  const found = findTexts(both(values ? either(...values) : wholly(form), not(exactly(other))));
  const isOpen = formatsOf(other, 'string').length === 0;
  if (found.kind === 'none') return isOpen;
  return found.kind === 'texts' && !isNarrowed(one) ? false : undefined;
}

/** Whether keywords limit a number in ways that its texts do not show. */
function isNarrowed(branch: Branch): boolean {
  const keywords = figures.flatMap((figure) => (figure.types.includes('integer') ? figure.keywords : []));
  return [...keywords, 'multipleOf'].some((keyword) => boundOf(branch, keyword) !== undefined);
}

/** The values of a branch that has few: listed, or by its types; undefined for any other. */
export function finite(branch: Branch, ranges?: 'ranges'): unknown[] | undefined {
  const listed = valuesOf(branch);
  if (listed) return listed;
  const types = [...narrowedTypes(branch)];
  if (types.every((type) => type === 'boolean' || type === 'null'))
    return types.flatMap((type) => (type === 'null' ? [null] : [true, false]));
  if (!ranges || types.some((type) => type !== 'integer')) return undefined;
  const [least, most] = figures.slice(0, 2).map((figure) => {
    const bound = tightest({ branch }, figure);
    return bound && whole(bound, figure.sign).value;
  });
  if (least === undefined || most === undefined || most - least > mostIntegers) return undefined;
  return Array.from({ length: Math.max(0, most - least + 1) }, (_, index) => least + index).filter((value) =>
    divisorsOf(branch).every((divisor) => Number.isInteger(value / divisor)),
  );
}

const mostIntegers = 100;

/** Whether the lists of values, or what they are limited to, are within each other. */
export function compareLists(
  was: Side,
  is: Side,
  isValid: (on: 'before' | 'after', value: unknown) => Within,
): Difference[] {
  if (!valuesOf(was.branch) && !valuesOf(is.branch)) return [];
  const [then, now] = [finite(was.branch), finite(is.branch)];
  const kept = then ? every(then.map((value) => isValid('after', value))) : false;
  const known = now ? every(now.map((value) => isValid('before', value))) : false;
  const say = (values: readonly unknown[] | undefined): string => (values ? JSON.stringify(values) : 'any value');
  return difference('enum', kept, known, `was ${say(then)}, is ${say(now)}.`);
}
