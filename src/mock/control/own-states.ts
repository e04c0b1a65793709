import { readFile } from 'node:fs/promises';
import { operationTable } from '../../generated/control/operations.ts';
import type { Api } from '../../openapi/api.ts';
import { parameterNames } from '../../openapi/path-template.ts';
import { noSuch } from '../../util/did-you-mean.ts';
import { messageOf, Problem } from '../../util/errors.ts';
import { displayPath } from '../../util/files.ts';
import { entriesOf, fieldsOf, isList } from '../../util/json.ts';
import { accountWord, withClinic } from '../clinics/account.ts';
import type { Clinic, Stock } from '../clinics/clinic.ts';
import type { Collections } from '../state/items.ts';
import { checkRequest, type ControlOperation } from './check-request.ts';
import type { Handlers } from './router.ts';

/** Names of provider states to what sets each of them up, in order: requests of the control API, and items of collections. */
export type OwnStates = ReadonlyMap<string, readonly Step[]>;

type Step = ControlStep | { clinic: string; stocks: readonly Stock[] };

/** A request of the control API that is carried out by itself. */
export interface ControlStep {
  operation: Usable;
  path: Record<string, string>;
  /** JSON, or empty. */
  body: string;
}

const usable = [
  'addFault',
  'clearFaults',
  'issueKey',
  'revokeKey',
  'expireKey',
  'restoreKey',
  'replaceAnswer',
  'restoreAnswer',
  'setClock',
  'advanceClock',
  'resetClock',
  'rotateSigningKeys',
] as const satisfies readonly ControlOperation[];

type Usable = (typeof usable)[number];

/**
 * Reads provider states from a YAML file: the name of a state to a list of requests, each the id of an operation of
 * `openapi/control.yaml` to the parameters of its path and the fields of its body, or `collections` to the collections of
 * clinics.
 * @param played the document and the clinics, which collections are checked against.
 * @throws Problem with file and line if the file cannot be read, or a request is invalid.
 */
export async function readOwnStates(
  path: string,
  played: Promise<{ api: Api; clinics: readonly Clinic[] }>,
): Promise<OwnStates> {
  const { parseYamlFile } = await import('../../util/yaml-file.ts');
  const file = displayPath(path);
  const problem = (where: string, reason: string, cause?: unknown): Problem => {
    const remedy = 'Correct the file; docs/provider-states.md describes it.';
    return new Problem(
      { code: 'states_invalid', what: 'Invalid provider state.', where, facts: { reason }, remedy },
      { cause },
    );
  };
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw problem(file, messageOf(cause), cause);
  });
  const yaml = parse(() => parseYamlFile(file, text));
  if (!fieldsOf(yaml.value)) throw problem(file, 'It is not an object of states.');
  const states = new Map<string, Step[]>();
  for (const [name, steps] of entriesOf(yaml.value)) {
    if (!isList(steps)) throw problem(yaml.locate([name]), 'A state is a list of requests.');
    const read: Step[] = [];
    for (const [index, step] of steps.entries()) {
      const { collections, ...others } = fieldsOf(step) ?? {};
      const isOfItems = fieldsOf(collections) && Object.keys(others).length === 0;
      if (isOfItems) read.push(...(await readItems(collections, [name, String(index), 'collections'])));
      else read.push(parse(() => readRequest(step), yaml.locate([name, index])));
    }
    states.set(name, read);
  }
  return states;

  async function readItems(given: unknown, at: string[]): Promise<Step[]> {
    const [{ api, clinics }, { readCollections }] = await Promise.all([
      played,
      import('../clinics/read-collections.ts'),
    ]);
    return entriesOf(given).map(([clinic, collections]) => {
      const where = [...at, clinic];
      const known = clinics.map(({ id }) => id);
      if (!known.includes(clinic)) throw problem(yaml.locate(where), noSuch('clinic', clinic, known));
      return {
        clinic,
        stocks: readCollections(entriesOf(collections), { [accountWord(api)]: clinic }, yaml, api, where),
      };
    });
  }

  function parse<Value>(act: () => Value, where = file): Value {
    try {
      return act();
    } catch (cause) {
      throw problem(where, messageOf(cause), cause);
    }
  }
}

/** @throws Error if a step is not one request with what it needs. */
export function readRequest(step: unknown): ControlStep {
  const [[name, given] = ['', undefined], ...others] = entriesOf(step);
  const operation = usable.find((each) => each === name);
  if (operation === undefined || others.length > 0) {
    throw new Error(`Each request is one of ${usable.join(', ')}, with its parameters; or collections of clinics.`);
  }
  const names = parameterNames(operationTable[operation].path);
  const fields = Object.entries(withClinic(fieldsOf(given) ?? {}));
  const missing = names.find((each) => !fields.some(([field]) => field === each));
  if (missing !== undefined) throw new Error(`${operation} needs ${missing}.`);
  const path = fields
    .filter(([field]) => names.includes(field))
    .map(([field, value]) => [field, String(value)] as const);
  const body = fields.filter(([field]) => !names.includes(field));
  const read = {
    operation,
    path: Object.fromEntries(path),
    body: body.length > 0 ? JSON.stringify(Object.fromEntries(body)) : '',
  };
  checkRequest(operation, read.path, new URLSearchParams(), read.body);
  return read;
}

/** Carries out the steps of a state. @throws ControlError if one of them is impossible now. */
export async function setUpOwnState(
  handlers: Pick<Handlers, Usable>,
  collections: Collections,
  steps: readonly Step[],
): Promise<void> {
  for (const step of steps) {
    if ('stocks' in step) collections.replace(step.clinic, step.stocks);
    else await act(handlers, step);
  }
}

/** Carries out a request at once. @throws ControlError if it is impossible now. */
export function act(handlers: Pick<Handlers, Usable>, { operation, path, body }: ControlStep): unknown {
  return actAs(handlers, operation, path, body);
}

function actAs<Id extends Usable>(
  handlers: Pick<Handlers, Id>,
  operation: Id,
  path: Record<string, string>,
  body: string,
): unknown {
  return handlers[operation](checkRequest(operation, path, new URLSearchParams(), body));
}
