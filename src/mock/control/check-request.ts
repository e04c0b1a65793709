import { operationTable } from '../../generated/control/operations.ts';
import { readApi, type Api } from '../../spec/api.ts';
import { valueAt } from '../../spec/json-pointer.ts';
import { follow } from '../../spec/look-up.ts';
import { nearest } from '../../spec/nearest.ts';
import { packageFile } from '../../spec/package-file.ts';
import type { Violation } from '../../spec/violation.ts';
import { parseJson } from '../parse-json.ts';
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
  const takesBody = operationTable[id].requestTypes.length > 0 && (text !== '' || (await needsBody(id)));
  await checkQuery(id, query);
  const request = { path, query: Object.fromEntries(query), body: takesBody ? readJson(text) : undefined };
  const violations = takesBody ? await check(id, bodySchema, request.body) : [];
  assertRequest(id, request, violations, violations[0] && (await propertiesOf(id)));
  return request;
}

/** The names of the properties that the body may have. */
async function propertiesOf(id: ControlOperationId): Promise<string[]> {
  const { document } = await specification();
  const { path, method } = operationTable[id];
  const steps = follow(document, ['paths', path, method.toLowerCase(), ...bodySchema, 'properties']);
  return Object.keys(Object(valueAt(document, steps)));
}

/** The one place where a request gets its type: its specification has accepted it. */
function assertRequest<Id extends ControlOperationId>(
  _id: Id,
  _request: object,
  [violation]: Violation[],
  known: readonly string[] = [],
): asserts _request is ControlRequest<Id> {
  if (!violation) return;
  const { path, steps, expected, found } = violation;
  const [name = '', ...deeper] = steps;
  const meant = deeper.length === 0 && !known.includes(name) ? nearest(name, known) : undefined;
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  throw new ControlError(
    'bad_request',
    `The request is wrong at ${path}: expected ${expected}, found ${found}.${hint}`,
  );
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

function readJson(text: string): unknown {
  const value = parseJson(text);
  if (value !== undefined) return value;
  throw new ControlError('bad_request', 'The body of the request is not JSON, or is nested too deeply.');
}

const bodySchema = ['requestBody', 'content', 'application/json', 'schema'];

async function needsBody(id: ControlOperationId): Promise<boolean> {
  const { document } = await specification();
  const { path, method } = operationTable[id];
  return valueAt(document, follow(document, ['paths', path, method.toLowerCase(), 'requestBody', 'required'])) === true;
}

/** @param place the steps from the operation to a schema. */
async function check(id: ControlOperationId, place: string[], value: unknown): Promise<Violation[]> {
  const { document, schemas } = await specification();
  const { path, method } = operationTable[id];
  return schemas.check(follow(document, ['paths', path, method.toLowerCase(), ...place]), value);
}

const file = packageFile('openapi/control.yaml');
let read: Promise<Api> | undefined;

/** Read with the first request that has something to check, so that no start waits for it. It never changes. */
function specification(): Promise<Api> {
  read ??= readApi(file);
  return read;
}
