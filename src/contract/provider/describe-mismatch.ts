import { article, kindOf, mediaTypeOf } from './kind.ts';
import { bodyPlace, headerPlace, placeOf, statusPlace } from '../../verify/provider/places.ts';
import type { Mismatch } from './verifier-results.ts';

/** What is wrong at a place, in words that hold nothing of the answer but its structure. */
export interface Finding {
  place: string;
  rule: string;
  sentence: string;
}

/** @param example the body in the contract. */
export function describeMismatch(mismatch: Mismatch, example: unknown): Finding[] {
  const { type, key, path, expected, actual } = mismatch;
  switch (type) {
    case 'StatusMismatch':
      return [
        {
          place: statusPlace,
          rule: 'status',
          sentence: `The provider answers ${statusOf(actual)}, the contract demands ${statusOf(expected)}.`,
        },
      ];
    case 'HeaderMismatch':
      return [describeHeader(key, actual)];
    case 'BodyTypeMismatch':
      return [
        {
          place: bodyPlace,
          rule: 'content type',
          sentence: `The body has ${mediaTypeOf(String(actual))}, the contract demands ${mediaTypeOf(String(expected))}.`,
        },
      ];
    default:
      return describeMissing(mismatch, example) ?? [{ place: placeOf(path, example), ...describeValue(mismatch) }];
  }
}

function describeHeader(name: string, actual: unknown): Finding {
  const rule = name.toLowerCase() === 'content-type' ? 'content type' : 'header';
  const sentence =
    actual === '' || actual === undefined
      ? `The answer has no header ${name}, which the contract demands.`
      : `The header ${name} has a value that the contract does not allow.`;
  return { place: headerPlace(name), rule, sentence };
}

/** Pact names the keys that an object has, and those that it should have. */
function describeMissing({ text, path, expected, actual }: Mismatch, example: unknown): Finding[] | undefined {
  if (!text.startsWith('Actual map is missing') || !Array.isArray(expected) || !Array.isArray(actual)) return undefined;
  const missing = expected.filter((key): key is string => typeof key === 'string' && !actual.includes(key));
  return missing.map((key) => ({
    place: placeOf(path, example, [key]),
    rule: 'required',
    sentence: 'It is missing in the answer, and the contract demands it.',
  }));
}

function describeValue({ text, path, expected, actual }: Mismatch): Omit<Finding, 'place'> {
  if (actual === null && path === '/')
    return { rule: 'required', sentence: 'The answer has no body, and the contract demands one.' };
  if (text.startsWith('Failed to parse'))
    return { rule: 'syntax', sentence: 'The body is not what its content type says: it cannot be read.' };
  const [found, wanted] = [kindOf(actual), kindOf(expected)];
  if (Array.isArray(actual) && Array.isArray(expected)) {
    const [, bound = '', size] = /to have (minimum|maximum) size of (\d+)/.exec(text) ?? [];
    const demand =
      size === undefined ? `${expected.length} items` : `${bound === 'minimum' ? 'at least' : 'at most'} ${size}`;
    return { rule: 'length', sentence: `The answer has ${actual.length} items, the contract demands ${demand}.` };
  }
  if (/ to be an? (integer|decimal|null|number|boolean)/.test(text) || found !== wanted) {
    return { rule: 'type', sentence: `The answer has ${article(found)}, the contract demands ${article(wanted)}.` };
  }
  if (/ to match '/.test(text)) {
    return {
      rule: 'pattern',
      sentence: `The answer has ${article(found)} that does not match the contract's pattern.`,
    };
  }
  if (/ to match a /.test(text)) {
    return { rule: 'format', sentence: `The answer has ${article(found)} that is not of the contract's format.` };
  }
  return { rule: 'value', sentence: `The answer has another ${found} than the one that the contract demands.` };
}

function statusOf(value: unknown): string {
  return typeof value === 'number' ? String(value) : 'another status';
}
