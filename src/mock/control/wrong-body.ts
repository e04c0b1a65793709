import { valueAt } from '../../util/json.ts';
import { nearest } from '../../util/did-you-mean.ts';
import type { Violation } from '../../spec/violation.ts';
import { ControlError } from './control-error.ts';
import type { ControlOperationId } from './requests.ts';
import { bodySchema, specification, stepsTo } from './specification.ts';

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
