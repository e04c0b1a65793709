import { operationTable } from '../../generated/control/operations.ts';
import { readApi, type Api } from '../../openapi/api.ts';
import { follow } from '../../openapi/look-up.ts';
import type { Violation } from '../../openapi/schema-checker.ts';
import { nearest } from '../../util/did-you-mean.ts';
import { packageFile } from '../../util/files.ts';
import { parseJson, valueAt } from '../../util/json.ts';
import { ControlError } from './control-error.ts';
import type { ControlOperationId, ControlRequest } from './requests.ts';

/**
 * Checks a request against the specification of the control API.
 * @param text the body.
 * @throws ControlError if the query has an unknown or wrong parameter, or the body is no JSON or violates the schema.
 */
export async function checkRequest<Id extends ControlOperationId>(
  id: Id,
  path: Record<string, string>,
  query: URLSearchParams,
  text: string,
): Promise<ControlRequest<Id>> {
  await checkQuery(id, query);
  const request = { path, query: Object.fromEntries(query), body: await readBody(id, text) };
  const [violation] = request.body === undefined ? [] : await check(id, bodySchema, request.body);
  if (violation) throw await wrongBody(id, violation);
  return accepted(id, request);
}

/** The one place where a request gets its type: its specification has accepted it. */
function accepted<Id extends ControlOperationId>(id: Id, request: object): ControlRequest<Id>;
function accepted(_id: ControlOperationId, request: object): object {
  return request;
}

async function checkQuery(id: ControlOperationId, query: URLSearchParams): Promise<void> {
  const { parameters }: { parameters: readonly { name: string; in: string }[] } = operationTable[id];
  const known = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const instead = known.length === 0 ? 'no parameters' : known.join(', ');
    throw new ControlError('bad_request', `The query has an unknown parameter ${unknown}; expected ${instead}.`);
  }
  for (const [name, value] of query) {
    const index = parameters.findIndex((parameter) => parameter.name === name);
    const [violation] = await check(id, ['parameters', String(index), 'schema'], value);
    if (!violation) continue;
    const { expected, found } = violation;
    throw new ControlError('bad_request', `The parameter ${name} is wrong: expected ${expected}, found ${found}.`);
  }
}

/** Undefined where the operation takes no body, or needs none and got none. */
async function readBody(id: ControlOperationId, text: string): Promise<unknown> {
  if (operationTable[id].requestTypes.length === 0) return undefined;
  if (text.trim() === '') {
    if (await needsBody(id)) throw await emptyBody(id);
    return undefined;
  }
  const value = parseJson(text);
  if (value !== undefined) return value;
  throw new ControlError('bad_request', 'The body of the request is not JSON, or is nested too deeply.');
}

async function needsBody(id: ControlOperationId): Promise<boolean> {
  const { document } = await specification();
  return valueAt(document, await stepsTo(id, ['requestBody', 'required'])) === true;
}

/** @param place the steps from the operation to a schema. */
async function check(id: ControlOperationId, place: readonly string[], value: unknown): Promise<Violation[]> {
  const { schemas } = await specification();
  return schemas.check(await stepsTo(id, place), value);
}

const file = packageFile('openapi/control.yaml');
let read: Promise<Api> | undefined;

/** Read with the first request that has something to check, so that no start waits for it. It never changes. */
export function specification(): Promise<Api> {
  read ??= readApi(file);
  return read;
}

/** From an operation to the schema of its body. */
export const bodySchema = ['requestBody', 'content', 'application/json', 'schema'];

/** The steps from the top of the specification to a place of an operation, with no reference on the way. */
export async function stepsTo(id: ControlOperationId, place: readonly string[]): Promise<string[]> {
  const { document } = await specification();
  const { path, method } = operationTable[id];
  return follow(document, ['paths', path, method.toLowerCase(), ...place]);
}

/** Says what is wrong with a body, and what was meant or expected as far as that can be told. */
export async function wrongBody(id: ControlOperationId, violation: Violation): Promise<ControlError> {
  const { path, expected, found } = violation;
  const hint = await hintFor(id, violation);
  return new ControlError(
    'bad_request',
    `The request is wrong at ${path}: expected ${expected}, found ${found}.${hint}`,
  );
}

/** Says that there is no body, and which properties it should have. */
export async function emptyBody(id: ControlOperationId): Promise<ControlError> {
  const message = `The body of the request is empty; expected a JSON object${await listProperties(id)}.`;
  return new ControlError('bad_request', message);
}

async function listProperties(id: ControlOperationId): Promise<string> {
  const required: unknown = await valueThrough(id, [...bodySchema, 'required']);
  const needed = Array.isArray(required) ? required.map(String) : [];
  const others = Object.keys(await propertiesOf(id)).filter((name) => !needed.includes(name));
  const parts = [
    needed.length > 0 ? ` with ${needed.join(', ')}` : '',
    others.length > 0 ? `${needed.length > 0 ? ', and perhaps' : ' with any of'} ${others.join(', ')}` : '',
  ];
  return parts.join('');
}

async function hintFor(id: ControlOperationId, { steps }: Violation): Promise<string> {
  const [name, ...deeper] = steps;
  if (name === undefined) return ` It is an object${await listProperties(id)}.`;
  const properties = await propertiesOf(id);
  if (!Object.hasOwn(properties, name)) {
    const meant = deeper.length === 0 ? nearest(name, Object.keys(properties)) : undefined;
    return meant === undefined ? '' : ` Did you mean ${meant}?`;
  }
  const example: unknown = valueAt(properties, [name, 'examples', '0']);
  return example === undefined ? '' : ` For example: ${JSON.stringify(name)}: ${JSON.stringify(example)}`;
}

/** The properties that the body may have, and their schemas. */
async function propertiesOf(id: ControlOperationId): Promise<object> {
  return Object(await valueThrough(id, [...bodySchema, 'properties']));
}

async function valueThrough(id: ControlOperationId, place: readonly string[]): Promise<unknown> {
  const { document } = await specification();
  return valueAt(document, await stepsTo(id, place));
}
