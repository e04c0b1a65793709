import type { OpenApiDocument } from '../../openapi/document.ts';
import { follow, partAt } from '../../openapi/look-up.ts';
import { hiddenNames } from '../../openapi/values/message.ts';
import { isReadable } from '../../openapi/parameters.ts';
import type { Operation } from '../../openapi/operations.ts';
import { typesOf, type Steps } from '../../openapi/schema.ts';
import { entriesOf, isFields, valueAt } from '../../util/json.ts';
import { clientCredentialsForm } from '../provider/credentials.ts';
import { describeBody, describeParameters, writeBody, type DescribedParameter, type RequestDraft } from './requests.ts';
import type { Run } from './run.ts';
import type { Samples } from './samples.ts';

/** Valid requests for an operation, without a token. Notes a required part that has no value, and gives none. */
export function validDrafts(run: Run, operation: Operation): RequestDraft[] {
  const { document, flow } = run.api;
  if (operation.issuesTokens) {
    const type = 'application/x-www-form-urlencoded';
    // The path's parameters are in the token URL already.
    const bytes = writeBody(type, clientCredentialsForm(flow?.scopes ?? []));
    return [{ operation, parameters: [], body: { type, bytes } }];
  }
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
    const sentence = `Could not generate a valid value for ${missing.join(' and ')}. Add an example to the specification.`;
    run.note(operation, 'request', 'not verifiable', sentence);
    return [];
  }
  return Array.from({ length: run.cases }, (_, index) => ({
    operation,
    parameters: parameters
      // The first request has nothing optional, the second everything, others some.
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

/** Some valid values would make another path, or no header. */
function canStand({ in: place, name, ...style }: DescribedParameter, value: unknown): boolean {
  if (!isReadable(style, name, value)) return false;
  if (place === 'path') return !/^\.{0,2}$|\//.test(String(value));
  return place !== 'header' || /^[!-~]([ -~]*[!-~])?$/.test(String(value));
}

interface Violation<Value> {
  value: Value;
  /** The end of a sentence: `"x" for the property size`. */
  what: string;
}

/** Most schemas forbid one of these. */
const usual: readonly unknown[] = [null, 'not-a-number', 12.5, -1, true, [], {}];

/** Values just beyond what a schema allows, and the usual ones. */
function candidates(document: OpenApiDocument, at: Steps): unknown[] {
  const { minimum, maximum, minLength, maxLength, pattern, enum: values } = partAt(document, at)?.fields ?? {};
  return [
    ...(typeof maximum === 'number' ? [maximum + 1] : []),
    ...(typeof minimum === 'number' ? [minimum - 1] : []),
    ...(typeof maxLength === 'number' && maxLength < 4096 ? ['x'.repeat(maxLength + 1)] : []),
    ...(typeof minLength === 'number' && minLength > 1 ? ['x'.repeat(minLength - 1)] : []),
    ...(Array.isArray(values) || typeof pattern === 'string' ? ['not-one-of-these', '0', '~'] : []),
    ...usual,
  ];
}

/** At most two texts that a parameter forbids, whether a server reads them as text or as number. */
export function textViolations(document: OpenApiDocument, samples: Samples, schema: Steps): Violation<string>[] {
  // Where the properties of an object are parameters of their own, its name alone means nothing.
  if (typesOf(document, schema).includes('object')) return [];
  const items = follow(document, [...schema, 'items']);
  const isArray = valueAt(document, items) !== undefined;
  const texts = candidates(document, isArray ? items : schema)
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .map(String);
  return [...new Set(texts)]
    .filter((text) =>
      [text, ...(Number.isNaN(Number(text)) ? [] : [Number(text)])].every(
        (value) => !samples.isValid(schema, isArray ? [value] : value),
      ),
    )
    .slice(0, 2)
    .map((value) => ({ value, what: JSON.stringify(value) }));
}

/** Bodies that a schema forbids: a valid one with one change. At most one for each property and kind of change. */
export function bodyViolations(
  document: OpenApiDocument,
  samples: Samples,
  schema: Steps,
  valid: unknown,
): Violation<unknown>[] {
  const found = [[{ value: [], what: 'the body []' }], ...changes(document, schema, valid)].map((group) =>
    group.find(({ value }) => !samples.isValid(schema, value)),
  );
  return found.filter((violation) => violation !== undefined);
}

/** Groups of changes; one of each group is enough. */
function changes(document: OpenApiDocument, schema: Steps, valid: unknown): Violation<unknown>[][] {
  if (!isFields(valid)) return [];
  // What a request has no place for, an API may ignore.
  const hidden = hiddenNames(document, valueAt(document, schema), 'request');
  const names = entriesOf(valueAt(document, [...schema, 'properties'])).flatMap(([name]) =>
    hidden.has(name) ? [] : name,
  );
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
  const surplus = { value: { ...valid, surplusProperty: 'x' }, what: 'an undocumented property' };
  return [...without, ...wrong, [surplus]];
}
