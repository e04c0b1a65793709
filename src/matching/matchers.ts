import { isDeepStrictEqual } from 'node:util';
import type { Rule, RuleList, RuleOf, Variant } from '../pact/model.ts';
import { jsonTypeOf, wordOf, type JsonType } from '../util/json.ts';
import { datePattern } from './date-formats.ts';
import {
  fits,
  tighten,
  type ArrayDemand,
  type Condition,
  type Demand,
  type ObjectDemand,
  type Sizes,
} from './demand.ts';
import { isOf } from '../util/regex/find-text.ts';
import {
  allTexts,
  both,
  containing,
  either,
  literal,
  matching,
  noText,
  wholly,
  type Language,
} from '../util/regex/language.ts';

/** Undefined: not decided. */
type Answer = boolean | undefined;

/** Which numbers a rule accepts: only its example, or those whose JSON text is one of its texts. */
type Numbers = 'all' | 'integers' | 'decimals' | 'none' | 'example' | 'texts';

/** What one of Pact's matching rules means. `example` is the value of the contract at its place. */
interface Matcher<R> {
  /** Whether it accepts a value that is not a string. Without it, the JSON text of the value is judged. */
  accepts?: (value: unknown, example: unknown) => Answer;
  /** The strings that it accepts. For `plain` see `textsOf`. */
  texts: (rule: R, example: unknown, plain: boolean) => Language;
  numbers: (example: unknown) => Numbers;
  /** The types of the values that it accepts; none where the example decides. `own` is the type of the example. */
  types?: (own: JsonType) => readonly JsonType[];
  words: (rule: R, example: unknown) => string;
  /** The rule that verdicts name; without it, `type`. */
  verdict?: 'format' | 'pattern';
  /** Any value that is not a string or a number keeps it, whole arrays and objects too. */
  anything?: true;
  decides?: 'value' | 'type';
  /** The HTTP statuses that it accepts. Without it, the status is judged as a number. */
  statuses?: (rule: R, status: number) => boolean;
  /** What it demands of a whole array or object. Without it, Pact knows no such rule for objects, and arrays are free. */
  whole?: (rule: R, place: WholePlace) => Whole;
  /** What it demands of the items of an array. Without it, each is compared with the example. */
  items?: (rule: R, place: ArrayPlace) => Partial<ArrayDemand>;
  /** On an object, Pact compares only the values, and allows any names. */
  valuesOnly?: true;
}

type Whole = Partial<Pick<ObjectDemand, 'sizes' | 'equal' | 'never' | 'unknown' | 'names' | 'required'>>;

interface WholePlace {
  kind: 'arrays' | 'objects';
  example: unknown;
  cascaded: boolean;
}

export interface ArrayPlace {
  example: readonly unknown[];
  cascaded: boolean;
  under: (rules: readonly Rule[]) => Partial<ArrayDemand>;
  variant: (variant: Variant) => Demand;
}

/** As https://semver.org defines it. */
const semver = String.raw`(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*))*)?(?:\+[\da-zA-Z-]+(?:\.[\da-zA-Z-]+)*)?`;
const decimalTexts = wholly(String.raw`[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?`);
const anySize: Sizes = { least: 0 };

/** A number without a rule for integers or decimals asks for no kind of number. */
function numbersTogether(own: JsonType): JsonType[] {
  return own === 'integer' || own === 'number' ? ['integer', 'number'] : [own];
}

const equality = {
  accepts: isDeepStrictEqual,
  texts: (_rule: unknown, example: unknown) => (typeof example === 'string' ? literal(example) : noText),
  numbers: (example: unknown) => (typeof example === 'number' ? 'example' : 'none'),
  types: numbersTogether,
  words: () => 'exactly the example',
  decides: 'value',
} satisfies Matcher<unknown>;

/** A rule for the contents of arrays and objects, or for the status: it accepts any single value. */
const ofContents = {
  anything: true,
  accepts: () => true,
  texts: () => allTexts,
  numbers: () => 'all',
  words: ({ match }: { match: string }) => `a value that the rule ${match} accepts`,
} satisfies Matcher<Rule>;

function dates(what: string, usual: string): Matcher<{ format: string }> {
  return {
    texts: ({ format }) => {
      const pattern = datePattern(format || usual);
      return pattern === undefined
        ? { kind: 'unknown', reason: `the format ${format} has letters that are not supported` }
        : wholly(pattern);
    },
    numbers: () => 'texts',
    words: ({ format }) => `a ${what} ${format}`.trim(),
    verdict: 'format',
  };
}

const matchers: { readonly [M in Rule['match']]: Matcher<RuleOf<M>> } = {
  equality: { ...equality, whole: (_rule, { example }) => ({ equal: { value: example } }) },
  values: { ...equality, whole: () => ({}), valuesOnly: true },
  type: {
    accepts: (value, example) => kindOf(value) === kindOf(example),
    texts: (_rule, example) => (typeof example === 'string' ? allTexts : noText),
    numbers: (example) => (typeof example === 'number' ? 'all' : 'none'),
    types: numbersTogether,
    words: (_rule, example) => wordOf(kindOf(example)),
    decides: 'type',
    whole: (rule, { cascaded }) => (cascaded ? {} : { sizes: tighten(rule, anySize) }),
  },
  regex: {
    texts: ({ regex }) => matching(regex, 'pact'),
    numbers: () => 'texts',
    words: ({ regex }) => `text matching ${regex}`,
    verdict: 'pattern',
    whole: () => ({}),
  },
  include: {
    texts: ({ value }) => containing(value),
    numbers: () => 'texts',
    words: ({ value }) => `text containing ${JSON.stringify(value)}`,
    verdict: 'pattern',
  },
  date: dates('date', 'yyyy-MM-dd'),
  time: dates('time', 'HH:mm:ss'),
  datetime: dates('datetime', "yyyy-MM-dd'T'HH:mm:ssXXX"),
  semver: {
    accepts: () => false,
    texts: () => wholly(semver),
    numbers: () => 'none',
    types: () => ['string'],
    words: () => 'a semantic version',
    verdict: 'pattern',
  },
  integer: {
    accepts: (value) => Number.isInteger(value),
    texts: (_rule, _example, plain) => (plain ? wholly(String.raw`\+?\d+`) : noText),
    numbers: () => 'integers',
    types: () => ['integer'],
    words: () => 'an integer',
  },
  decimal: {
    accepts: (value) => typeof value === 'number' && !Number.isInteger(value),
    texts: (_rule, _example, plain) => (plain ? decimalTexts : noText),
    numbers: () => 'decimals',
    types: () => ['number'],
    words: () => 'a number with a fraction',
  },
  number: {
    accepts: (value) => typeof value === 'number',
    texts: (_rule, _example, plain) => (plain ? decimalTexts : noText),
    numbers: () => 'all',
    types: () => ['integer', 'number'],
    words: () => 'a number',
  },
  boolean: {
    accepts: (value) => typeof value === 'boolean',
    texts: () => wholly('true|false'),
    numbers: () => 'none',
    types: () => ['boolean', 'string'],
    words: () => 'a boolean',
  },
  null: {
    accepts: (value) => value === null,
    texts: () => noText,
    numbers: () => 'none',
    types: () => ['null'],
    words: () => 'null',
    whole: (_rule, { kind }) => ({ never: `Pact has no rule null for ${kind}` }),
  },
  notEmpty: {
    accepts: (value) => value !== null && (typeof value !== 'object' || Object.keys(value).length > 0),
    texts: () => wholly(String.raw`[\s\S]+`),
    numbers: () => 'all',
    words: () => 'a non-empty value',
    verdict: 'pattern',
    whole: () => ({ sizes: { least: 1 } }),
  },
  contentType: {
    texts: () => ({ kind: 'unknown', reason: 'the rule contentType inspects the bytes' }),
    numbers: () => 'texts',
    words: () => 'a value that the rule contentType accepts',
  },
  statusCode: {
    ...ofContents,
    statuses: ({ status: wanted }, status) => {
      if (typeof wanted !== 'string') return wanted.includes(status);
      const [first, last] = statusClasses[wanted] ?? [100, 599];
      return status >= first && status <= last;
    },
    whole: (_rule, { kind }) => ({ never: `Pact has no rule statusCode for ${kind}` }),
  },
  arrayContains: {
    ...ofContents,
    whole: () => ({}),
    items: ({ variants }, { example, variant }) => {
      const wanted = variants.length > 0 ? variants : example.map((_, index) => ({ index, rules: [] }));
      return wanted.some(({ index }) => index >= example.length)
        ? { never: 'a variant has no example' }
        : { contains: wanted.map(variant) };
    },
    valuesOnly: true,
  },
  eachKey: {
    ...ofContents,
    whole: ({ rules }, { kind, cascaded }) =>
      kind === 'arrays' || cascaded
        ? {}
        : { required: false, names: rules.map((each) => conditionOf({ combine: 'and', rules: [each] }, '')) },
  },
  eachValue: {
    ...ofContents,
    whole: () => ({}),
    items: ({ rules }, { cascaded, under }) => (cascaded ? {} : under(rules)),
    valuesOnly: true,
  },
  unknown: {
    texts: ({ name }) => ({ kind: 'unknown', reason: `Pact does not define the rule ${name}` }),
    numbers: () => 'texts',
    words: ({ name }) => `a value that the rule ${name} accepts`,
    whole: ({ name }) => ({ unknown: `Pact does not define the rule ${name}` }),
  },
};

const statusClasses: Readonly<Record<string, readonly [number, number]>> = {
  info: [100, 199],
  success: [200, 299],
  redirect: [300, 399],
  clientError: [400, 499],
  serverError: [500, 599],
  nonError: [100, 399],
  error: [400, 599],
};

export function matcherOf<M extends Rule['match']>(rule: RuleOf<M>): Matcher<RuleOf<M>> {
  return matchers[rule.match];
}

/** Pact knows one type of number. */
function kindOf(value: unknown): JsonType {
  const type = jsonTypeOf(value);
  return type === 'integer' ? 'number' : type;
}

export function satisfies(value: unknown, demand: Demand): Answer {
  if (demand.kind === 'scalar') return keeps(value, demand.condition);
  if (demand.kind === 'array') return Array.isArray(value) ? arrayKeeps(value, demand) : false;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? objectKeeps(new Map(Object.entries(value)), demand) : false;
}

function objectKeeps(value: ReadonlyMap<string, unknown>, demand: ObjectDemand): Answer {
  if (demand.required && [...demand.named.keys()].some((name) => !value.has(name))) return false;
  const parts = [...value].map(([name, each]) => partKeeps(each, demand.named.get(name) ?? demand.rest));
  const names = [...value.keys()].flatMap((name) => demand.names.map((condition) => nameKeeps(name, condition)));
  return every([...wholeKeeps(Object.fromEntries(value), value.size, demand), ...names, ...parts]);
}

function arrayKeeps(value: readonly unknown[], demand: ArrayDemand): Answer {
  const parts = value.map((item, index) => partKeeps(item, demand.items[index] ?? demand.rest));
  const contained = demand.contains.map((one) => some(value.map((item) => satisfies(item, one))));
  return every([...wholeKeeps(value, value.length, demand), ...contained, ...parts]);
}

function partKeeps(value: unknown, demand: Demand | undefined): Answer {
  return demand ? satisfies(value, demand) : true;
}

function wholeKeeps(value: unknown, size: number, demand: ArrayDemand | ObjectDemand): Answer[] {
  const { equal, never, unknown, sizes } = demand;
  return [
    never === undefined,
    fits(sizes, size),
    equal === undefined || isDeepStrictEqual(value, equal.value),
    unknown === undefined ? true : undefined,
  ];
}

export function keeps(value: unknown, condition: Condition): Answer {
  if (condition.kind !== 'rule') {
    const answers = condition.parts.map((part) => keeps(value, part));
    return condition.kind === 'and' ? every(answers) : some(answers);
  }
  if (typeof value === 'string') return textKeeps(value, condition);
  const { accepts } = matcherOf(condition.rule);
  return accepts ? accepts(value, condition.example) : textKeeps(JSON.stringify(value), condition);
}

export function nameKeeps(name: string, condition: Condition): Answer {
  return textKeeps(name, condition, true);
}

function textKeeps(text: string, condition: Condition, plain = false): Answer {
  const found = isOf(textsOf(condition, plain), text);
  // Languages of Pact's patterns hold only what surely matches: beyond ASCII, its engine may accept more.
  const mayBeMore = /[^\0-\u007F]/.test(text) && rulesOf(condition).some(({ match }) => match === 'regex');
  return found === false && mayBeMore ? undefined : found;
}

export function statusKeeps(status: number, list: RuleList | undefined, example: number): boolean {
  if (!list) return status === example;
  const kept = (rule: Rule): boolean =>
    matcherOf(rule).statuses?.(rule, status) ?? keeps(status, { kind: 'rule', rule, example }) !== false;
  return list.combine === 'or' ? list.rules.some(kept) : list.rules.every(kept);
}

function every(answers: readonly Answer[]): Answer {
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

function some(answers: readonly Answer[]): Answer {
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

/**
 * The strings that keep a condition. Of a pattern of Pact's, those that surely match.
 * @param plain whether it is the text of a header, a name or a query: there, numbers are texts as well.
 */
export function textsOf(condition: Condition, plain = false): Language {
  if (condition.kind === 'rule') return matcherOf(condition.rule).texts(condition.rule, condition.example, plain);
  const parts = condition.parts.map((part) => textsOf(part, plain));
  return condition.kind === 'and' ? both(...parts) : either(...parts);
}

/** What a list of rules demands of a value in place of the example. Without rules, to be equal to it. */
export function conditionOf(list: RuleList | undefined, example: unknown): Condition {
  if (!list) return { kind: 'rule', rule: { match: 'equality' }, example };
  const parts = list.rules.map((rule): Condition => ({ kind: 'rule', rule, example }));
  const [only] = parts;
  return parts.length === 1 && only ? only : { kind: list.combine, parts };
}

export function rulesOf(condition: Condition): Rule[] {
  return condition.kind === 'rule' ? [condition.rule] : condition.parts.flatMap(rulesOf);
}

export function keepsAnything(condition: Condition): boolean {
  if (condition.kind === 'rule') return matcherOf(condition.rule).anything === true;
  return condition.kind === 'and' ? condition.parts.every(keepsAnything) : condition.parts.some(keepsAnything);
}

export function isEquality(condition: Condition): boolean {
  return condition.kind === 'rule' && matcherOf(condition.rule).decides === 'value';
}
