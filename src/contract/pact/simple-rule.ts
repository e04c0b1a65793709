import type { Fields } from '../../pact/input.ts';
import type { Flaw } from './flaw.ts';
import { plainMatches, type Rule } from './matching-rules.ts';

/** What the languages that write pacts call the same rule. */
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

/** A matching rule that has no others within it. */
export function readSimpleRule(name: string, fields: Fields, flaw: Flaw): Rule {
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
    case 'statusCode':
      return { match: 'statusCode', status: readStatus(fields['status']) };
    default:
      return { match: 'unknown', name };
  }
}

/**
 * The name of a rule, by Pact's specification. Where it is left out, as old contracts do, its parameter tells which one it is.
 */
export function ruleName(fields: Fields): string | undefined {
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

function readStatus(value: unknown): string | readonly number[] {
  return Array.isArray(value) ? value.map(Number) : isText(value) ? value : 'success';
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
