import { document } from '../../generated/control/document.ts';
import { operationTable } from '../../generated/control/operations.ts';
import type { operations } from '../../generated/control/types.ts';
import { follow } from '../../openapi/look-up.ts';
import { SchemaChecker, type Violation } from '../../openapi/schema-checker.ts';
import { nearest } from '../../util/did-you-mean.ts';
import { messageOf } from '../../util/errors.ts';
import { entriesOf, fieldsOf, parseJson, valueAt, type Fields } from '../../util/json.ts';
import { withClinic } from '../clinics/account.ts';
import { badRequest } from './control-error.ts';

export type ControlOperation = keyof operations;

type Content<Body> = Body extends { content: infer Types } ? Types[keyof Types] : undefined;

/** A checked request of the control API. */
export interface ControlRequest<Id extends ControlOperation> {
  path: operations[Id]['parameters'] extends { path: infer Path } ? Path : Record<string, never>;
  query: operations[Id]['parameters'] extends { query?: infer Query } ? NonNullable<Query> : Record<string, never>;
  body: operations[Id] extends { requestBody: infer Body }
    ? Content<Body>
    : operations[Id] extends { requestBody?: infer Body }
      ? Content<Exclude<Body, undefined>> | undefined
      : undefined;
}

/** Checks query and body of a request. @throws ControlError `bad_request` if one of them is invalid. */
export function checkRequest<Id extends ControlOperation>(
  id: Id,
  path: Record<string, string>,
  query: URLSearchParams,
  text: string,
): ControlRequest<Id> {
  const asked = withClinic(Object.fromEntries(query));
  checkQuery(id, asked);
  return accepted(id, { path, query: asked, body: readBody(id, text) });
}

/**
 * Checks the argument of a method as the body of the same operation. Returns a copy as JSON carries it.
 * @throws ControlError `bad_request` if the argument is not JSON or violates the schema.
 */
export function checkArgument<Id extends ControlOperation>(id: Id, value: unknown): ControlRequest<Id>['body'] {
  return accepted(id, { path: {}, query: {}, body: readBody(id, writeJson(value)) }).body;
}

/** Checks a filter as the query of `readJournal`. @throws ControlError `bad_request` if it is invalid. */
export function checkFilter(filter: object): void {
  const given = entriesOf(filter).filter(([, value]) => value !== undefined);
  checkQuery('readJournal', Object.fromEntries(given.map(([name, value]) => [name, String(value)])));
}

/** The only place where a request gets its type, after its check. */
function accepted<Id extends ControlOperation>(id: Id, request: object): ControlRequest<Id>;
function accepted(_id: ControlOperation, request: object): object {
  return request;
}

function checkQuery(id: ControlOperation, query: Fields): void {
  const { parameters }: { parameters: readonly { name: string; in: string }[] } = operationTable[id];
  for (const [name, value] of Object.entries(query)) {
    const index = parameters.findIndex((parameter) => parameter.in === 'query' && parameter.name === name);
    if (index === -1) {
      const known = parameters.flatMap((parameter) => (parameter.in === 'query' ? [parameter.name] : []));
      const expected = known.join(', ') || 'no parameters';
      throw badRequest(`The query has an unknown parameter ${name}; expected ${expected}.`);
    }
    const [violation] = schemas.check(stepsTo(id, ['parameters', String(index), 'schema']), value);
    if (!violation) continue;
    const { expected, found } = violation;
    throw badRequest(`The parameter ${name} is invalid: expected ${expected}, found ${found}.`);
  }
}

function readBody(id: ControlOperation, text: string): unknown {
  if (operationTable[id].requestTypes.length === 0) return undefined;
  if (text.trim() === '') {
    if (valueIn(id, ['requestBody', 'required']) !== true) return undefined;
    throw badRequest(`The body of the request is empty; expected a JSON object${listProperties(id)}.`);
  }
  const parsed = parseJson(text);
  if (parsed === undefined) throw badRequest('The body of the request is not JSON, or is nested too deeply.');
  const value = inClinics(parsed);
  const violations = schemas.check(stepsTo(id, bodySchema), value);
  // Of alternatives, the one that is meant has the names of the value.
  const violation = violations.find(({ keyword }) => !aboutNames.test(keyword)) ?? violations[0];
  if (!violation) return value;
  const { path, expected, found } = violation;
  throw badRequest(`The request is invalid at ${path}: expected ${expected}, found ${found}.${hintAt(id, violation)}`);
}

const aboutNames = /^(?:required|additionalProperties|oneOf|anyOf)$/;

/** A body with `clinic` for `account`, also among the parameters of a provider state. */
function inClinics(body: unknown): unknown {
  const fields = fieldsOf(body);
  const params = fieldsOf(fields?.['params']);
  return fields ? withClinic(params ? { ...fields, params: withClinic(params) } : fields) : body;
}

function writeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch (error) {
    throw badRequest(`The request cannot be written as JSON. ${messageOf(error)}`);
  }
}

/** It compiles a schema when first used, so that no start waits for it. */
const schemas = new SchemaChecker(document);

const bodySchema = ['requestBody', 'content', 'application/json', 'schema'];

/** The resolved steps from the root of the document to a part of an operation. */
function stepsTo(id: ControlOperation, place: readonly string[]): string[] {
  const { path, method } = operationTable[id];
  return follow(document, ['paths', path, method.toLowerCase(), ...place]);
}

function valueIn(id: ControlOperation, place: readonly string[]): unknown {
  return valueAt(document, stepsTo(id, place));
}

/** The schemas of the body's properties. */
function propertiesOf(id: ControlOperation): Fields {
  return fieldsOf(valueIn(id, [...bodySchema, 'properties'])) ?? {};
}

function listProperties(id: ControlOperation): string {
  const named = valueIn(id, [...bodySchema, 'required']);
  const needed = Array.isArray(named) ? named.map(String) : [];
  const others = Object.keys(propertiesOf(id)).filter((name) => !needed.includes(name));
  const required = needed.length > 0 ? ` with ${needed.join(', ')}` : '';
  if (others.length === 0) return required;
  return `${required}${needed.length > 0 ? ', optionally' : ' with any of'} ${others.join(', ')}`;
}

/** A hint at the property that was meant, or at its value. */
function hintAt(id: ControlOperation, { steps: [name, ...deeper] }: Violation): string {
  if (name === undefined) return ` It is an object${listProperties(id)}.`;
  const properties = propertiesOf(id);
  if (!Object.hasOwn(properties, name)) {
    const meant = deeper.length === 0 ? nearest(name, Object.keys(properties)) : undefined;
    return meant === undefined ? '' : ` Did you mean ${meant}?`;
  }
  const example = valueAt(properties, [name, 'examples', '0']);
  return example === undefined ? '' : ` For example: ${JSON.stringify(name)}: ${JSON.stringify(example)}`;
}
