import { isDeepStrictEqual } from 'node:util';
import type { Rule } from '../contract/pact/matching-rules.ts';
import { isOf } from './regex/find-text.ts';
import { jsonTypeOf } from '../contract/guarantee/schema/json-type.ts';
import type { ArrayDemand, Condition, Demand, ObjectDemand } from './demand.ts';
import { fits } from '../contract/guarantee/demand/sizes.ts';
import { textsOf } from '../contract/guarantee/demand/texts.ts';

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
