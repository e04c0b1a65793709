import { Problem } from '../util/errors.ts';
import { entriesOf, fieldsOf, toPointer, type Fields } from '../util/json.ts';
import { plainMatches, type MatchingRules, type PathRules, type PathStep, type Rule, type RuleList } from './model.ts';

/** Makes the Problem for a place of one contract: where from here, and what was expected there. */
export interface Flaw {
  (steps: readonly string[], expected: string): Problem;
  at(...steps: string[]): Flaw;
}

export function flawsOf(file: string, way: readonly string[] = []): Flaw {
  const flaw = (steps: readonly string[], expected: string): Problem =>
    new Problem({
      code: 'contract_invalid',
      what: 'Invalid Pact file.',
      where: file,
      facts: { at: toPointer([...way, ...steps]) || '/', expected },
      remedy: "Write the contract again with the consumer's tests; do not edit it by hand.",
    });
  return Object.assign(flaw, { at: (...steps: string[]) => flawsOf(file, [...way, ...steps]) });
}

const noRules: MatchingRules = { query: new Map(), header: new Map(), body: [] };

/**
 * The matching rules of a request or a response, of any version: version 2 has one rule at each path
 * (`$.body.id`, `$.headers.Accept`), later ones have lists of rules below the name of what they are for.
 */
export function readRules(value: unknown, version: 2 | 3 | 4, flaw: Flaw): MatchingRules {
  if (value === undefined || value === null) return noRules;
  const categories = fieldsOf(value);
  if (!categories) throw flaw([], 'matching rules by what they are for');
  return version === 2 ? readOldRules(categories, flaw) : readNewRules(categories, flaw);
}

function readOldRules(rules: object, flaw: Flaw): MatchingRules {
  const [query, header, body] = [new Map<string, RuleList>(), new Map<string, RuleList>(), new Array<PathRules>()];
  const single: Partial<Record<'path' | 'status', RuleList>> = {};
  for (const [text, rule] of entriesOf(rules)) {
    const [category, ...path] = readRulePath(text) ?? [];
    const list: RuleList = { combine: 'and', rules: [readRule(rule, flaw.at(text))] };
    const name = firstName(path);
    if (category === 'body') body.push({ ...list, text: text.replace(/^\$?\.?body|^\$\['body'\]/, '$'), path });
    else if (category === 'path' || category === 'status') single[category] = list;
    else if (category === 'query') query.set(name, list);
    else if (category === 'headers' || category === 'header') header.set(name.toLowerCase(), list);
    else throw flaw([text], 'a path that begins with $.body, $.headers, $.query, $.path or $.status');
  }
  return { ...single, query, header, body };
}

function readNewRules(categories: Fields, flaw: Flaw): MatchingRules {
  const found: Partial<Record<'method' | 'path' | 'status', RuleList>> = {};
  for (const name of ['method', 'path', 'status'] as const) {
    const value = categories[name];
    const fields = fieldsOf(value);
    const list = readRuleList(value, flaw.at(name)) ?? readRuleList(fields?.['$'] ?? fields?.[''], flaw.at(name));
    if (list) found[name] = list;
  }
  const byName = (name: 'query' | 'header', change: (key: string) => string): Map<string, RuleList> =>
    new Map(
      entriesOf(categories[name]).flatMap(([key, value]) => {
        const list = readRuleList(value, flaw.at(name, key));
        return list ? [[change(key), list] as const] : [];
      }),
    );
  return {
    ...found,
    query: byName('query', nameOf),
    // From version 3 on, Pact applies no rule of a path such as `$.Accept` or `Accept[0]`, and demands the example.
    header: byName('header', (key) => key.toLowerCase()),
    body: readBodyRules(categories['body'], flaw.at('body')),
  };
}

/** Names may come as paths, `$.page` or `page[0]`. */
function nameOf(key: string): string {
  if (!/^\$|\[\d+\]$/.test(key)) return key;
  return firstName(readRulePath(key) ?? []) || key;
}

function firstName([first]: readonly PathStep[]): string {
  return typeof first === 'string' ? first : '';
}

export function readBodyRules(value: unknown, flaw: Flaw): PathRules[] {
  // A body that is one text has its rules without a path.
  const whole = readRuleList(value, flaw);
  if (whole) return [{ ...whole, text: '$', path: [] }];
  return entriesOf(value).flatMap(([text, list]) => {
    const path = readRulePath(text);
    if (!path) throw flaw([text], 'a path such as $.items[*].id');
    const rules = readRuleList(list, flaw.at(text));
    return rules ? [{ ...rules, text, path }] : [];
  });
}

function readRuleList(value: unknown, flaw: Flaw): RuleList | undefined {
  const { matchers, combine } = fieldsOf(value) ?? {};
  if (!Array.isArray(matchers) || matchers.length === 0) return undefined;
  const rules = listOf(matchers, flaw.at('matchers'), 'a list of matching rules', readRule);
  return { combine: String(combine).toUpperCase() === 'OR' ? 'or' : 'and', rules };
}

function readRule(value: unknown, flaw: Flaw): Rule {
  const fields = fieldsOf(value);
  if (!fields) throw flaw([], 'a matching rule such as {"match": "type"}');
  const name = ruleName(fields);
  if (name === undefined) throw flaw([], 'a matching rule with `match`');
  switch (name) {
    case 'arrayContains':
      return {
        match: name,
        variants: listOf(fields['variants'], flaw.at('variants'), 'a list of variants', (variant, at) => {
          const { index = 0, rules } = fieldsOf(variant) ?? {};
          return { index: Number(index), rules: readBodyRules(rules, at.at('rules')) };
        }),
      };
    case 'eachKey':
    case 'eachValue':
      return {
        match: name,
        rules: listOf(fields['rules'] ?? [], flaw.at('rules'), 'a list of matching rules', readRule),
      };
    default:
      return readSimpleRule(name, fields, flaw);
  }
}

export function listOf<T>(value: unknown, flaw: Flaw, expected: string, read: (each: unknown, flaw: Flaw) => T): T[] {
  if (!Array.isArray(value)) throw flaw([], expected);
  return value.map((each: unknown, index) => read(each, flaw.at(String(index))));
}

const step = /\.\*|\[\*\]|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]|\.?([^.[\]$'"]+)/y;

function readRulePath(text: string): PathStep[] | undefined {
  const steps: PathStep[] = [];
  step.lastIndex = text.startsWith('$') ? 1 : 0;
  while (step.lastIndex < text.length) {
    const found = step.exec(text);
    if (!found) return undefined;
    const [whole, index, single, double, name] = found;
    if (whole === '.*') steps.push({ any: 'key' });
    else if (whole === '[*]') steps.push({ any: 'index' });
    else if (index !== undefined) steps.push(Number(index));
    else steps.push(name ?? (single ?? double ?? '').replaceAll(/\\(.)/gs, '$1'));
  }
  return steps;
}

/** Other names of rules, by the libraries that write contracts. */
const otherNames: Readonly<Record<string, string>> = {
  real: 'decimal',
  timestamp: 'datetime',
  'min-type': 'type',
  'max-type': 'type',
  min: 'type',
  max: 'type',
  'content-type': 'contentType',
  'array-contains': 'arrayContains',
  'status-code': 'statusCode',
  'not-empty': 'notEmpty',
  'each-key': 'eachKey',
  'each-value': 'eachValue',
};

function readSimpleRule(name: string, fields: Fields, flaw: Flaw): Rule {
  const plain = plainMatches.find((match) => match === name);
  if (plain) return { match: plain };
  switch (name) {
    case 'type':
      return { match: 'type', ...bound(fields, 'min', flaw), ...bound(fields, 'max', flaw) };
    case 'regex':
      return { match: 'regex', regex: text(fields, 'regex', flaw) };
    case 'include':
      return { match: 'include', value: text(fields, 'value', flaw) };
    case 'contentType':
      return { match: 'contentType', value: text(fields, 'value', flaw) };
    case 'date':
    case 'time':
    case 'datetime':
      return { match: name, format: [fields['format'], fields[name], fields['timestamp']].find(isText) ?? '' };
    case 'statusCode': {
      const { status } = fields;
      return {
        match: 'statusCode',
        status: Array.isArray(status) ? status.map(Number) : isText(status) ? status : 'success',
      };
    }
    default:
      return { match: 'unknown', name };
  }
}

/**
 * The name of a rule, by Pact's specification. Where it is left out, as old contracts do, its parameter tells which one it is.
 */
function ruleName(fields: Fields): string | undefined {
  const given = fields['match'] ?? fields['pact:matcher:type'];
  if (typeof given === 'string') return otherNames[given] ?? given;
  return ['regex', 'min', 'max', 'timestamp', 'time', 'date']
    .filter((name) => fields[name] !== undefined)
    .map((name) => otherNames[name] ?? name)[0];
}

function bound(fields: Fields, name: 'min' | 'max', flaw: Flaw): object {
  const value = fields[name];
  if (value === undefined || value === null) return {};
  const count = Number(value);
  if (!Number.isInteger(count) || count < 0) throw flaw([name], 'a number of items');
  return { [name]: count };
}

function text(fields: Fields, name: string, flaw: Flaw): string {
  const value = fields[name];
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw flaw([name], 'a text');
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
