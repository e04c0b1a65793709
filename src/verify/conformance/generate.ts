import type { OpenApiDocument } from '../../openapi/document.ts';
import { follow } from '../../openapi/look-up.ts';
import type { Operation } from '../../openapi/operations.ts';
import { valueAt } from '../../util/json.ts';
import { clientCredentialsForm } from '../provider/credentials.ts';
import {
  describeBody,
  describeParameters,
  writeBody,
  type DescribedParameter,
  type RequestDraft,
  type Steps,
} from './requests.ts';
import type { Run } from './run.ts';
import type { Samples } from './samples.ts';

/**
 * Valid requests for an operation, without a token: first one with what is required alone, then others with more. Empty where
 * there is no value for something that is required, which is noted.
 */
export function validDrafts(run: Run, operation: Operation): RequestDraft[] {
  if (operation.issuesTokens) return [tokenDraft(run, operation)];
  const { document } = run.api;
  const parameters = describeParameters(document, operation).map((parameter) => ({
    parameter,
    values: run.samples
      .valid(parameter.steps, parameter.schema, run.cases)
      .filter((value) => canStand(parameter, value)),
  }));
  const body = describeBody(document, operation);
  const bodies = body ? run.samples.valid(body.steps, body.schema, run.cases) : [];
  const missing = [
    ...parameters
      .filter(({ parameter, values }) => needed(parameter) && values.length === 0)
      .map(({ parameter }) => `the parameter ${parameter.name}`),
    ...(body && bodies.length === 0 ? ['the body'] : []),
    ...(!body && operation.requestTypes.length > 0 ? [`a body of type ${operation.requestTypes.join(' or ')}`] : []),
  ];
  if (missing.length > 0) {
    const sentence = `No valid value could be made for ${missing.join(' and ')}. Give the specification an example of it.`;
    run.note(operation, { rule: 'request', result: 'not verifiable', sentence });
    return [];
  }
  return Array.from({ length: run.cases }, (_, index) => ({
    operation,
    parameters: parameters
      // One request has all that is optional, one has nothing of it, others have some.
      .filter(
        ({ parameter, values }, at) =>
          needed(parameter) || (values.length > 0 && index > 0 && (index === 1 || (index + at) % 2 === 0)),
      )
      .map(({ parameter, values }) => ({ parameter, value: values[index % values.length] })),
    ...(body ? { body: { type: body.type, bytes: writeBody(body.type, bodies[index % bodies.length]) } } : {}),
  }));
}

function needed({ in: place, required }: DescribedParameter): boolean {
  return place === 'path' || required;
}

/** Some values are valid and still cannot be told from another path, or from no header. */
function canStand({ in: place }: DescribedParameter, value: unknown): boolean {
  if (place === 'path') return !/^\.{0,2}$|\//.test(String(value));
  return place !== 'header' || /^[!-~]([ -~]*[!-~])?$/.test(String(value));
}

/** The path's parameters stand in the token URL already. */
function tokenDraft({ api }: Run, operation: Operation): RequestDraft {
  const type = 'application/x-www-form-urlencoded';
  return {
    operation,
    parameters: [],
    body: { type, bytes: writeBody(type, clientCredentialsForm(api.flow?.scopes ?? [])) },
  };
}

/** A value that a schema forbids, and what is wrong with it. */
interface Violation<Value> {
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
