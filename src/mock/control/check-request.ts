import { document } from '../../generated/control/document.ts';
import { operationTable } from '../../generated/control/operations.ts';
import type { operations } from '../../generated/control/types.ts';
import { follow } from '../../openapi/look-up.ts';
import { SchemaChecker, type Violation } from '../../openapi/schema-checker.ts';
import { nearest } from '../../util/did-you-mean.ts';
import { messageOf } from '../../util/errors.ts';
import { parseJson, valueAt } from '../../util/json.ts';
import { ControlError } from './control-error.ts';

/** An operation of the control API. */
export type ControlOperation = keyof operations;

type Content<Body> = Body extends { content: infer Types } ? Types[keyof Types] : undefined;

/** A request of the control API that its specification has accepted. */
export interface ControlRequest<Id extends ControlOperation> {
  path: operations[Id]['parameters'] extends { path: infer Path } ? Path : Record<string, never>;
  query: operations[Id]['parameters'] extends { query?: infer Query } ? NonNullable<Query> : Record<string, never>;
  body: operations[Id] extends { requestBody: infer Body }
    ? Content<Body>
    : operations[Id] extends { requestBody?: infer Body }
      ? Content<Exclude<Body, undefined>> | undefined
      : undefined;
}

/**
 * Checks a request against the specification of the control API.
 * @param text the body.
 * @throws ControlError `bad_request` if the query has an unknown or invalid parameter, or the body is not JSON or violates
 * the schema.
 */
export function checkRequest<Id extends ControlOperation>(
  id: Id,
  path: Record<string, string>,
  query: URLSearchParams,
  text: string,
): ControlRequest<Id> {
  checkQuery(id, query);
  return accepted(id, { path, query: Object.fromEntries(query), body: readBody(id, text) });
}

/**
 * Checks the argument of a method as the body of the operation that does the same. Gives a copy, as JSON carries it:
 * without properties that are undefined, and with dates as texts.
 * @throws ControlError `bad_request` if the argument is not JSON or violates the schema.
 */
export function checkArgument<Id extends ControlOperation>(id: Id, value: unknown): ControlRequest<Id>['body'] {
  return accepted(id, { path: {}, query: {}, body: readBody(id, writeJson(value)) }).body;
}

/**
 * Checks the filter of a method as the query of `readJournal`.
 * @throws ControlError `bad_request` if the filter has an unknown name or an invalid value.
 */
export function checkFilter(filter: object): void {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.append(name, String(value));
  checkQuery('readJournal', query);
}

/** The one place where a request gets its type: its specification has accepted it. */
function accepted<Id extends ControlOperation>(id: Id, request: object): ControlRequest<Id>;
function accepted(_id: ControlOperation, request: object): object {
  return request;
}

function checkQuery(id: ControlOperation, query: URLSearchParams): void {
  const { parameters }: { parameters: readonly { name: string; in: string }[] } = operationTable[id];
  for (const [name, value] of query) {
    const index = parameters.findIndex((parameter) => parameter.in === 'query' && parameter.name === name);
    if (index === -1) {
      const known = parameters.filter((parameter) => parameter.in === 'query').map((parameter) => parameter.name);
      const expected = known.length === 0 ? 'no parameters' : known.join(', ');
      throw refused(`The query has an unknown parameter ${name}; expected ${expected}.`);
    }
    const [violation] = schemas.check(stepsTo(id, ['parameters', String(index), 'schema']), value);
    if (!violation) continue;
    const { expected, found } = violation;
    throw refused(`The parameter ${name} is wrong: expected ${expected}, found ${found}.`);
  }
}

/** Undefined where the operation takes no body, or needs none and got none. */
function readBody(id: ControlOperation, text: string): unknown {
  if (operationTable[id].requestTypes.length === 0) return undefined;
  if (text.trim() === '') {
    if (valueIn(id, ['requestBody', 'required']) !== true) return undefined;
    throw refused(`The body of the request is empty; expected a JSON object${listProperties(id)}.`);
  }
  const value = parseJson(text);
  if (value === undefined) throw refused('The body of the request is not JSON, or is nested too deeply.');
  const [violation] = schemas.check(stepsTo(id, bodySchema), value);
  if (!violation) return value;
  const { path, expected, found } = violation;
  throw refused(`The request is wrong at ${path}: expected ${expected}, found ${found}.${hintAt(id, violation)}`);
}

function writeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch (error) {
    throw refused(`The request cannot be written as JSON. ${messageOf(error)}`);
  }
}

/** Compiles a schema with the first value that is checked by it, so that no start waits for it. */
const schemas = new SchemaChecker(document);

/** From an operation to the schema of its body. */
const bodySchema = ['requestBody', 'content', 'application/json', 'schema'];

/** The steps from the top of the specification to a place of an operation, with no reference on the way. */
function stepsTo(id: ControlOperation, place: readonly string[]): string[] {
  const { path, method } = operationTable[id];
  return follow(document, ['paths', path, method.toLowerCase(), ...place]);
}

function valueIn(id: ControlOperation, place: readonly string[]): unknown {
  return valueAt(document, stepsTo(id, place));
}

/** The properties that the body may have, and their schemas. */
function propertiesOf(id: ControlOperation): object {
  const properties = valueIn(id, [...bodySchema, 'properties']);
  return typeof properties === 'object' && properties !== null ? properties : {};
}

function listProperties(id: ControlOperation): string {
  const required = valueIn(id, [...bodySchema, 'required']);
  const needed = Array.isArray(required) ? required.map(String) : [];
  const others = Object.keys(propertiesOf(id)).filter((name) => !needed.includes(name));
  const parts = [
    needed.length > 0 ? ` with ${needed.join(', ')}` : '',
    others.length > 0 ? `${needed.length > 0 ? ', and perhaps' : ' with any of'} ${others.join(', ')}` : '',
  ];
  return parts.join('');
}

/** What was meant, or is expected, as far as that can be told. */
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

function refused(message: string): ControlError {
  return new ControlError('bad_request', message);
}
