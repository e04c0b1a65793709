import { operationTable } from '../../generated/control/operations.ts';
import { valueAt } from '../../util/json.ts';
import type { Violation } from '../../spec/violation.ts';
import { parseJson } from '../parse-json.ts';
import { ControlError } from './control-error.ts';
import type { ControlOperationId, ControlRequest } from './requests.ts';
import { bodySchema, specification, stepsTo } from './specification.ts';
import { emptyBody, wrongBody } from './wrong-body.ts';

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
