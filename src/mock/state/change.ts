import { operationTable } from '../../generated/control/operations.ts';
import { entriesOf, fieldsOf, isList } from '../../util/json.ts';
import type { ControlOperation } from '../control/check-request.ts';
import type { Struck } from '../faults/faults.ts';
import type { Seen } from '../findings/watches.ts';
import type { Answered } from './journal.ts';

/** What a change of a world does. */
export type Action =
  /** A call of the control API. */
  | { kind: 'control'; operation: ControlOperation; path: Record<string, string>; query: string; body: string }
  /** A fault may strike a request. */
  | { kind: 'strike'; operation: string; clinic: string | undefined }
  /** What strikes have changed so far, in place of them. */
  | { kind: 'struck'; struck: Struck }
  /** A request writes to a collection. */
  | ItemChange
  /** Steps of a scenario are due. */
  | { kind: 'steps' };

/** A request that writes to a collection of a clinic. */
export interface ItemChange {
  kind: 'items';
  operation: string;
  clinic: string;
  parameters: Record<string, string>;
  path: string;
  contentType: string | undefined;
  body: unknown;
}

/** What a collection answers. */
export interface Outcome {
  status: number;
  /** Undefined for the document's body of the status. */
  body?: unknown;
  /** Undefined for one that the answer does not have, though it is documented. */
  headers?: Record<string, string | undefined>;
  /** Why, where the document may have nothing for the status. */
  reason?: string;
}

/** What is told of a request beside its record. */
export type SeenBeside = Omit<Seen, keyof Answered | 'id' | 'issuesTokens'>;

/** A journal entry as replicas share it, with what the rules of findings need. */
export interface Entry {
  answered: Answered;
  seen: SeenBeside;
}

/** Reads the action of a change; undefined where it is none. */
export function readAction(value: unknown): Action | undefined {
  const { kind, operation, clinic, path, query, body, parameters, contentType, struck } = fieldsOf(value) ?? {};
  if (kind === 'steps') return { kind };
  if (kind === 'struck') {
    const read = readStruck(struck);
    return read && { kind, struck: read };
  }
  if (typeof operation !== 'string') return undefined;
  if (kind === 'strike') {
    return clinic === undefined || typeof clinic === 'string' ? { kind, operation, clinic } : undefined;
  }
  if (kind === 'items') {
    if (typeof clinic !== 'string' || typeof path !== 'string') return undefined;
    const type = typeof contentType === 'string' ? contentType : undefined;
    return { kind, operation, clinic, path, parameters: textsOf(parameters), contentType: type, body };
  }
  const known = Object.values(operationTable).find(({ id }) => id === operation);
  if (kind !== 'control' || !known || typeof query !== 'string' || typeof body !== 'string') return undefined;
  return { kind, operation: known.id, path: textsOf(path), query, body };
}

function readStruck(value: unknown): Struck | undefined {
  const { drawn, active } = fieldsOf(value) ?? {};
  if (typeof drawn !== 'number' || !isList(active)) return undefined;
  const read = active.flatMap((each): Struck['active'] => {
    const [id, left, free, countedAt] = isList(each) ? each : [];
    const isRight = typeof id === 'string' && (typeof left === 'number' || left === null);
    return isRight && typeof free === 'number' && typeof countedAt === 'number' ? [[id, left, free, countedAt]] : [];
  });
  return read.length === active.length ? { drawn, active: read } : undefined;
}

function textsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    entriesOf(value).flatMap(([name, each]) => (typeof each === 'string' ? [[name, each]] : [])),
  );
}

/** The types of what must be there, and of what may be. */
const types: { readonly [Name in keyof Answered]: string } = {
  method: 'string',
  path: 'string',
  operationId: 'string?',
  clinic: 'string?',
  clientId: 'string?',
  tokenId: 'string?',
  authentication: 'string?',
  status: 'number?',
  reason: 'string?',
  fault: 'string?',
  broken: 'boolean?',
  retryAfter: 'number?',
  violations: 'list?',
  credentialsInQuery: 'list?',
  origin: 'string?',
  request: 'object?',
  response: 'object?',
  milliseconds: 'number',
};

const typesBeside: { readonly [Name in keyof SeenBeside]: string } = {
  began: 'number',
  ended: 'number',
  ticks: 'object',
  connection: 'string',
  userAgent: 'string?',
  host: 'string?',
  hasCredentials: 'boolean',
  location: 'string?',
  habits: 'list?',
  clockMoves: 'number',
  keyChanges: 'number',
};

/** Reads a journal entry of another replica; undefined where it is none. */
export function readEntry(value: unknown): Entry | undefined {
  const { answered, seen } = fieldsOf(value) ?? {};
  const { ticks } = fieldsOf(seen) ?? {};
  const { began, ended } = fieldsOf(ticks) ?? {};
  const isRight = fits(answered, types) && fits(seen, typesBeside);
  if (!isRight || typeof began !== 'number' || typeof ended !== 'number') return undefined;
  return accepted({ answered: inOrder(answered), seen });
}

function fits(value: unknown, wanted: Readonly<Record<string, string>>): boolean {
  const fields = fieldsOf(value);
  if (!fields || Object.keys(fields).some((name) => !Object.hasOwn(wanted, name))) return false;
  return Object.entries(wanted).every(([name, type]) => {
    const each = fields[name];
    if (each === undefined) return type.endsWith('?');
    const found = isList(each) && each.every((part) => typeof part === 'string') ? 'list' : typeof each;
    return found === type.replace('?', '') && each !== null;
  });
}

/** With a property for each name, as entries of this process have. */
function inOrder(answered: unknown): object {
  const fields = fieldsOf(answered) ?? {};
  return Object.fromEntries(Object.keys(types).map((name) => [name, fields[name]]));
}

/** The only place where an entry gets its type, after its check. */
function accepted(entry: object): Entry;
function accepted(entry: object): object {
  return entry;
}
