import type { OpenApiDocument } from '../../openapi/document.ts';
import { valueAt } from '../../util/json.ts';
import { follow } from '../../openapi/look-up.ts';
import type { Steps } from './described.ts';
import type { Samples } from '../../verify/conformance/samples.ts';

/** A value that a schema forbids, and what is wrong with it. */
export interface Violation<Value> {
  value: Value;
  /** The end of a sentence: `"x" for the property size`. */
  what: string;
}

/** Values of which most schemas forbid some. */
const usual: readonly unknown[] = [null, 'not-a-number', 12.5, -1, true, [], {}];

/** Values just beyond what a schema allows. */
function beyond(schema: Readonly<Record<string, unknown>>): unknown[] {
  const { minimum, maximum, minLength, maxLength, pattern, enum: values } = schema;
  return [
    ...(typeof maximum === 'number' ? [maximum + 1] : []),
    ...(typeof minimum === 'number' ? [minimum - 1] : []),
    ...(typeof maxLength === 'number' && maxLength < 4096 ? ['x'.repeat(maxLength + 1)] : []),
    ...(typeof minLength === 'number' && minLength > 1 ? ['x'.repeat(minLength - 1)] : []),
    ...(Array.isArray(values) || typeof pattern === 'string' ? ['not-one-of-these', '0', '~'] : []),
  ];
}

function candidates(document: OpenApiDocument, at: Steps): unknown[] {
  const steps = follow(document, at);
  return [...beyond(Object(valueAt(document, steps) ?? {})), ...usual];
}

/**
 * Texts that a parameter forbids, whichever way a server reads them: `5` may be a number and a text. At most two.
 */
export function textViolations(document: OpenApiDocument, samples: Samples, schema: Steps): Violation<string>[] {
  const items = follow(document, [...schema, 'items']);
  const isArray = valueAt(document, items) !== undefined;
  const texts = candidates(document, isArray ? items : schema)
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .map(String);
  return [...new Set(texts)]
    .filter((text) => readings(text).every((value) => !samples.isValid(schema, isArray ? [value] : value)))
    .slice(0, 2)
    .map((value) => ({ value, what: JSON.stringify(value) }));
}

/** What a server may take a text for. */
function readings(text: string): unknown[] {
  const number = Number(text);
  return [text, ...(Number.isNaN(number) ? [] : [number])];
}

/** Bodies that a schema forbids: a valid one with one change. At most one for each property and kind of change. */
export function bodyViolations(
  document: OpenApiDocument,
  samples: Samples,
  schema: Steps,
  valid: unknown,
): Violation<unknown>[] {
  const whole = [[], null, 'text'].map((value) => ({ value, what: `the body ${JSON.stringify(value)}` }));
  const found = [whole.slice(0, 1), ...changes(document, schema, valid)].map((group) =>
    group.find(({ value }) => !samples.isValid(schema, value)),
  );
  return found.filter((violation) => violation !== undefined);
}

/** Groups of changes, of each of which one is enough. */
function changes(document: OpenApiDocument, schema: Steps, valid: unknown): Violation<unknown>[][] {
  if (typeof valid !== 'object' || valid === null || Array.isArray(valid)) return [];
  const names = Object.keys(Object(valueAt(document, [...schema, 'properties'])));
  const without = Object.keys(valid).map((name) => {
    const rest = Object.fromEntries(Object.entries(valid).filter(([other]) => other !== name));
    return [{ value: rest, what: `a body without the property ${name}` }];
  });
  const wrong = names.map((name) =>
    candidates(document, [...schema, 'properties', name]).map((value) => ({
      value: { ...valid, [name]: value },
      what: `${JSON.stringify(value)} for the property ${name}`,
    })),
  );
  const surplus = { value: { ...valid, surplusProperty: 'x' }, what: 'a property that is not described' };
  return [...without, ...wrong, [surplus]];
}
