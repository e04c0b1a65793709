import { isDeepStrictEqual } from 'node:util';
import type { Rule, RuleList } from '../pact/model.ts';
import { jsonTypeOf } from '../util/json.ts';
import { fits, type ArrayDemand, type Condition, type Demand, type ObjectDemand } from './demand.ts';
import { isOf } from './regex/find-text.ts';
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
} from './regex/language.ts';

/** Undefined: nobody can say. */
type Answer = boolean | undefined;

/** Whether a value keeps a demand, as Pact judges it. */
export function satisfies(value: unknown, demand: Demand): Answer {
  if (demand.kind === 'scalar') return keeps(value, demand.condition);
  if (demand.kind === 'array') return Array.isArray(value) ? arrayKeeps(value, demand) : false;
  return jsonTypeOf(value) === 'object' ? objectKeeps(new Map(Object.entries(Object(value))), demand) : false;
}

function objectKeeps(value: ReadonlyMap<string, unknown>, demand: ObjectDemand): Answer {
  if (demand.required && [...demand.named.keys()].some((name) => !value.has(name))) return false;
  const parts = [...value].map(([name, each]) => {
    const below = demand.named.get(name) ?? demand.rest;
    return below ? satisfies(each, below) : true;
  });
  const names = [...value.keys()].flatMap((name) => demand.names.map((condition) => nameKeeps(name, condition)));
  return every([...ofWhole(Object.fromEntries(value), value.size, demand), ...names, ...parts]);
}

function arrayKeeps(value: readonly unknown[], demand: ArrayDemand): Answer {
  const parts = value.map((item, index) => {
    const below = demand.items[index] ?? demand.rest;
    return below ? satisfies(item, below) : true;
  });
  const contained = demand.contains.map((one) => some(value.map((item) => satisfies(item, one))));
  return every([...ofWhole(value, value.length, demand), ...contained, ...parts]);
}

function ofWhole(value: unknown, size: number, { equal, never, unknown, sizes }: ArrayDemand | ObjectDemand): Answer[] {
  return [
    never === undefined,
    fits(sizes, size),
    equal === undefined || isDeepStrictEqual(value, equal.value),
    unknown === undefined ? true : undefined,
  ];
}

/** Whether a single value keeps a condition. */
export function keeps(value: unknown, condition: Condition): Answer {
  if (condition.kind !== 'rule') {
    const answers = condition.parts.map((part) => keeps(value, part));
    return condition.kind === 'and' ? every(answers) : some(answers);
  }
  if (typeof value === 'string') return textKeeps(value, condition);
  return keepsRule(value, condition.rule, condition.example);
}

function keepsRule(value: unknown, rule: Rule, example: unknown): Answer {
  switch (rule.match) {
    case 'type':
      return kindOf(value) === kindOf(example);
    case 'equality':
    case 'values':
      return isDeepStrictEqual(value, example);
    case 'null':
      return value === null;
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value);
    case 'decimal':
      return typeof value === 'number' && !Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'notEmpty':
      return value !== null && (typeof value !== 'object' || Object.keys(Object(value)).length > 0);
    case 'semver':
      return false;
    case 'unknown':
    case 'contentType':
      return undefined;
    case 'eachKey':
    case 'eachValue':
    case 'arrayContains':
    case 'statusCode':
      return true;
    // Pact looks at the JSON text of what is no string.
    case 'regex':
    case 'include':
    case 'date':
    case 'time':
    case 'datetime':
      break;
  }
  return textKeeps(JSON.stringify(value), { kind: 'rule', rule, example });
}

/** Whether a name of an object keeps a condition. */
export function nameKeeps(name: string, condition: Condition): Answer {
  return textKeeps(name, condition, true);
}

/** @param plain see `textsOf`. */
function textKeeps(text: string, condition: Condition, plain = false): Answer {
  const found = isOf(textsOf(condition, plain), text);
  // Which characters beyond ASCII Pact's engine takes as letters, nobody says here.
  return found === false && /[^\0-\u007F]/.test(text) && condition.kind === 'rule' && condition.rule.match === 'regex'
    ? undefined
    : found;
}

/** Pact knows one type of number. */
function kindOf(value: unknown): string {
  const type = jsonTypeOf(value);
  return type === 'integer' ? 'number' : type;
}

function every(answers: readonly Answer[]): Answer {
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

function some(answers: readonly Answer[]): Answer {
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

/** As https://semver.org gives it. */
const semver = String.raw`(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*))*)?(?:\+[\da-zA-Z-]+(?:\.[\da-zA-Z-]+)*)?`;

/**
 * The strings that keep a condition.
 * @param plain whether it is a text as it stands, of a header, a name or a query: there numbers are texts as well.
 */
export function textsOf(condition: Condition, plain = false): Language {
  if (condition.kind !== 'rule') {
    const parts = condition.parts.map((part) => textsOf(part, plain));
    return condition.kind === 'and' ? both(...parts) : either(...parts);
  }
  const { rule, example } = condition;
  return textsOfRule(rule, example, plain);
}

function textsOfRule(rule: Rule, example: unknown, plain: boolean): Language {
  switch (rule.match) {
    case 'regex':
      return matching(rule.regex, 'pact');
    case 'include':
      return containing(rule.value);
    case 'type':
      return typeof example === 'string' ? allTexts : noText;
    case 'equality':
    case 'values':
      return typeof example === 'string' ? literal(example) : noText;
    case 'date':
    case 'time':
    case 'datetime': {
      const pattern = datePattern(rule.match, rule.format);
      return pattern === undefined
        ? { kind: 'unknown', reason: `letters of ${rule.format} that are not known here` }
        : wholly(pattern);
    }
    case 'notEmpty':
      return wholly(String.raw`[\s\S]+`);
    case 'boolean':
      return wholly('true|false');
    case 'semver':
      return wholly(semver);
    case 'integer':
      return plain ? wholly(String.raw`\+?\d+`) : noText;
    case 'number':
    case 'decimal':
      return plain ? wholly(String.raw`[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?`) : noText;
    case 'unknown':
      return { kind: 'unknown', reason: `the rule ${rule.name}, which is none of Pact's own` };
    case 'contentType':
      return { kind: 'unknown', reason: 'the rule contentType, which looks into the bytes' };
    case 'null':
      return noText;
    case 'eachKey':
    case 'eachValue':
    case 'arrayContains':
    case 'statusCode':
      break;
  }
  return allTexts;
}

/** What Pact takes where a rule for dates and times has no format. */
const defaults = { date: 'yyyy-MM-dd', time: 'HH:mm:ss', datetime: "yyyy-MM-dd'T'HH:mm:ssXXX" };

/** What the letters of a format (those of Java) surely accept, by their number; `*` is any number. */
const letters: Readonly<Record<string, string>> = {
  yyyy: String.raw`\d{4}`,
  uuuu: String.raw`\d{4}`,
  yy: String.raw`\d{2}`,
  MM: '(?:0[1-9]|1[0-2])',
  MMM: '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)',
  dd: String.raw`(?:0[1-9]|[12]\d|3[01])`,
  EEE: '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)',
  HH: String.raw`(?:[01]\d|2[0-3])`,
  hh: '(?:0[1-9]|1[0-2])',
  mm: String.raw`[0-5]\d`,
  ss: String.raw`[0-5]\d`,
  S: String.raw`\d`,
  SS: String.raw`\d{2}`,
  SSS: String.raw`\d{3}`,
  SSSSSS: String.raw`\d{6}`,
  a: '(?:AM|PM)',
  X: String.raw`(?:Z|[+-](?:0\d|1[0-4])(?:[0-5]\d)?)`,
  XX: String.raw`(?:Z|[+-](?:0\d|1[0-4])[0-5]\d)`,
  XXX: String.raw`(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)`,
  Z: String.raw`[+-](?:0\d|1[0-4])[0-5]\d`,
};

/** The pattern of the texts that a format of dates and times accepts, or undefined for a format with other letters. */
function datePattern(match: 'date' | 'time' | 'datetime', format: string): string | undefined {
  const parts = (format || defaults[match]).match(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']/g) ?? [];
  let source = '';
  for (const part of parts) {
    if (/^[A-Za-z]/.test(part)) {
      if (letters[part] === undefined) return undefined;
      source += letters[part];
    } else {
      const text = part.startsWith("'") ? part.slice(1, -1).replaceAll("''", "'") || "'" : part;
      source += text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
    }
  }
  return source;
}

/** What a list of rules demands of a value that stands where the example does. Without rules, to be equal to it. */
export function conditionOf(list: RuleList | undefined, example: unknown): Condition {
  if (!list) return { kind: 'rule', rule: { match: 'equality' }, example };
  const parts = list.rules.map((rule): Condition => ({ kind: 'rule', rule, example }));
  const [only] = parts;
  return parts.length === 1 && only ? only : { kind: list.combine, parts };
}

/** All the rules in a condition. */
export function rulesOf(condition: Condition): Rule[] {
  return condition.kind === 'rule' ? [condition.rule] : condition.parts.flatMap(rulesOf);
}

/** Whether nothing but equality to the example is demanded. */
export function isEquality(condition: Condition): boolean {
  return condition.kind === 'rule' && (condition.rule.match === 'equality' || condition.rule.match === 'values');
}
