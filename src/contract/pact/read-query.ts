import { entriesOf } from '../../pact/input.ts';
import type { Flaw } from './flaw.ts';

type Query = ReadonlyMap<string, readonly (string | null)[]>;

/** The query of a request: a text up to version 2, names with their values later. */
export function readQuery(value: unknown, flaw: Flaw): Query {
  if (value === undefined || value === null || value === '') return new Map();
  if (typeof value === 'string') return readText(value);
  if (typeof value !== 'object' || Array.isArray(value)) throw flaw([], 'a text, or names with their values');
  return new Map(entriesOf(value).map(([name, values]) => [name, [values].flat().map(readValue)]));
}

function readText(text: string): Query {
  const query = new Map<string, (string | null)[]>();
  for (const pair of text.replace(/^\?/, '').split('&').filter(Boolean)) {
    const [name = '', value] = pair.split(/=(.*)/s);
    const key = decode(name);
    query.set(key, [...(query.get(key) ?? []), value === undefined ? null : decode(value)]);
  }
  return query;
}

function readValue(value: unknown): string | null {
  return value === null ? null : typeof value === 'string' ? value : JSON.stringify(value);
}

/** What is no valid encoding stands for itself. */
function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
