import { exampleNames, successSchema } from '../../openapi/responses.ts';
import type { Violation } from '../../openapi/schema-checker.ts';
import { valueAt } from '../../util/json.ts';
import { accountWord, type OrAccount } from '../clinics/account.ts';
import { readCases } from '../clinics/cases.ts';
import type { Key, KeyStatus } from '../clinics/clinic.ts';
import type { Fault, SetFault } from '../faults/faults.ts';
import { Explanations } from '../findings/explanations.ts';
import type { Findings } from '../findings/findings.ts';
import { servedOperations } from '../routing/paths.ts';
import { readInstant, type Clock } from '../state/clock.ts';
import type { Journal } from '../state/journal.ts';
import { framing } from '../http/reply.ts';
import type { NewKey } from '../state/keys.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { checkArgument } from './check-request.ts';
import { badRequest, ControlError, notFound } from './control-error.ts';

/** A clinic as a client needs it: token URL and keys. */
export interface MockClinic {
  clinic: string;
  tokenUrl: string;
  keys: ShownKey[];
}

/** Controls a running sandbox, for tests and the control API. */
export class Controls {
  readonly keys: KeyControls;
  readonly answers: AnswerControls;
  readonly faults: FaultControls;
  /** Why requests were answered as they were. */
  readonly explanations: Explanations;
  readonly #current: () => Sandbox;

  /** @internal @param current returns the sandbox that exists since the last reset. */
  constructor(current: () => Sandbox) {
    this.keys = new KeyControls(current);
    this.answers = new AnswerControls(current);
    this.faults = new FaultControls(current);
    this.explanations = new Explanations(current);
    this.#current = current;
  }

  /** The clinics with their current keys. */
  get clinics(): readonly MockClinic[] {
    const { fixtures } = this.#current();
    return fixtures.ids().map((clinic) => ({
      clinic,
      tokenUrl: this.#current().tokenUrl(clinic),
      keys: this.keys.list(clinic),
    }));
  }

  /** The mock's time, which decides when tokens and keys expire. */
  get clock(): Clock {
    return this.#current().clock;
  }

  /** The requests and answers of the mock. */
  get journal(): Journal {
    return this.#current().journal;
  }

  /** The rules that the clients violate. */
  get findings(): Findings {
    return this.#current().findings;
  }

  /** Signs tokens with a new key, and returns its id. The old one stays published until its last token expires. */
  async rotateSigningKeys(): Promise<string> {
    const { signingKeys, clock, api, mayChange, makeSigningKey } = this.#current();
    mayChange();
    const next = await makeSigningKey();
    signingKeys.rotate(next, clock.now() + api.tokens.lifetime * 1000);
    return next.kid;
  }
}

export interface ReplaceOptions {
  /** Serve the body even if it violates the specification. Default false. */
  unchecked?: boolean | undefined;
  /** Add an unknown field to each object that allows one. Default false. */
  additive?: boolean | undefined;
}

/** Acts on the sandbox that exists since the last reset. */
class SandboxControls {
  /** @internal */
  protected readonly current: () => Sandbox;

  /** @internal */
  constructor(current: () => Sandbox) {
    this.current = current;
  }

  /** @internal The same, to change it. @throws ControlError where replicas share it. */
  protected changing(): Sandbox {
    const sandbox = this.current();
    sandbox.mayChange();
    return sandbox;
  }
}

/** The answers of the clinics. */
export class AnswerControls extends SandboxControls {
  /**
   * Replaces a clinic's answer to an operation, until it is restored or the mock is reset.
   * @throws ControlError if the clinic or operation is unknown, or the body is not JSON or violates the specification.
   */
  replace(clinic: string, operationId: string, body: unknown, options: ReplaceOptions = {}): void {
    const { api, fixtures } = this.changing();
    const { body: answer, unchecked, additive } = checkArgument('replaceAnswer', { ...options, body });
    const schema = this.#schema(operationId);
    if (additive) addUnknownFields(answer, (value) => api.schemas.check(schema, value));
    const [wrong] = unchecked ? [] : api.schemas.check(schema, answer);
    if (wrong) {
      const { path, expected, found } = wrong;
      const message = `The answer violates the specification at ${path}: expected ${expected}, found ${found}.`;
      throw new ControlError('invalid', message);
    }
    if (!fixtures.replace(clinic, operationId, answer)) throw noAccount(this.current(), clinic);
  }

  /** Restores the answer of the clinic's file. @throws ControlError if there is no such clinic or operation. */
  restore(clinic: string, operationId: string): void {
    this.#schema(operationId);
    const { fixtures } = this.changing();
    if (!fixtures.restore(clinic, operationId)) throw noAccount(this.current(), clinic);
  }

  /** @internal A clinic's answer; undefined where it depends on the request. @throws ControlError if one is unknown. */
  read(clinic: string, operationId: string): unknown {
    this.#schema(operationId);
    const found = this.current().fixtures.clinic(clinic);
    if (!found) throw noAccount(this.current(), clinic);
    const answer = found.responses.get(operationId);
    return readCases(answer) ? undefined : answer;
  }

  /** @internal What in a body violates the specification. @throws ControlError if there is no such operation. */
  check(operationId: string, body: unknown): Violation[] {
    return this.current().api.schemas.check(this.#schema(operationId), body);
  }

  #schema(operationId: string): string[] {
    const { document, operations } = this.current().api;
    const schemas = new Map<string, string[]>();
    for (const operation of operations) {
      const schema = operation.issuesTokens ? undefined : successSchema(document, operation, operation.usualStatus);
      if (schema) schemas.set(operation.id, schema);
    }
    const found = schemas.get(operationId);
    if (found) return found;
    throw notFound('operation', `${operationId} that answers with a body`, [...schemas.keys()]);
  }
}

/** Simulated failures. */
export class FaultControls extends SandboxControls {
  /** Sets a fault. @throws ControlError if it names something unknown, has no effect or an invalid value. */
  add(fault: OrAccount<Fault>): SetFault {
    // As JSON it would be null, which leaves the lifetime out.
    if (typeof fault.expiresIn === 'number' && !Number.isFinite(fault.expiresIn)) {
      throw badRequest(`The request is invalid at $.expiresIn: expected a number, found ${fault.expiresIn}.`);
    }
    const checked = checkArgument('addFault', fault);
    checkFault(checked, this.current());
    return this.changing().faults.add(checked);
  }

  /** The active faults, each with its remaining count. */
  list(): SetFault[] {
    return this.current().faults.list();
  }

  /** Removes one fault, or all. @throws ControlError if none has the id. */
  clear(id?: string): void {
    if (this.changing().faults.clear(id) || id === undefined) return;
    const known = this.list().map((fault) => fault.id);
    throw notFound('fault', id, known);
  }
}

export interface ShownKey {
  clientId: string;
  clientSecret: string;
  status: KeyStatus;
}

/** The API keys of the clinics, as their administrators manage them. */
export class KeyControls extends SandboxControls {
  /** The keys of a clinic with their current status. */
  list(clinic: string): ShownKey[] {
    const { keys } = this.current();
    return keys.list(clinic).map((key) => this.#show(key));
  }

  /** Makes an active key. @throws ControlError if the clinic is unknown, the id is taken or a value is invalid. */
  issue(key: OrAccount<NewKey>): ShownKey {
    const { fixtures, keys } = this.changing();
    const { expiresAt, ...checked } = checkArgument('issueKey', key);
    if (!fixtures.clinic(checked.clinic)) throw noAccount(this.current(), checked.clinic);
    const issued = keys.issue({ ...checked, expiresAt: expiresAt === undefined ? undefined : readInstant(expiresAt) });
    if (!issued) throw new ControlError('conflict', `There is a key ${checked.clientId} already.`);
    return this.#show(issued);
  }

  /** From now on the API answers 403 to the key's tokens. @throws ControlError if there is no such key. */
  revoke(clientId: string): ShownKey {
    return this.#change(clientId, 'revoked');
  }

  /** As if the key's own expiry date had passed. @throws ControlError if there is no such key. */
  expire(clientId: string): ShownKey {
    return this.#change(clientId, 'expired');
  }

  /** Makes the key active again, without an expiry date. @throws ControlError if there is no such key. */
  restore(clientId: string): ShownKey {
    return this.#change(clientId, 'active');
  }

  #change(clientId: string, status: KeyStatus): ShownKey {
    const { keys } = this.changing();
    const changed = keys.change(clientId, status);
    if (changed) return this.#show(changed);
    const known = keys.list().map((key) => key.clientId);
    throw notFound('key', clientId, known);
  }

  #show(key: Key): ShownKey {
    const { clientId, clientSecret } = key;
    return { clientId, clientSecret, status: this.current().keys.status(key) };
  }
}

function noAccount({ api, fixtures }: Sandbox, id: string): ControlError {
  return notFound(accountWord(api), id, fixtures.ids());
}

const effects = ['status', 'headers', 'body', 'contentType', 'delay', 'delivery', 'expiresIn'] as const;

/** Checks what the schema cannot. @throws ControlError if the fault cannot strike, or has no effect. */
function checkFault(fault: Fault, sandbox: Sandbox): void {
  const { operationId, clinic, headers = {} } = fault;
  const operations = servedOperations(sandbox.api).map(({ id }) => id);
  if (operationId !== undefined && !operations.includes(operationId)) {
    throw notFound('operation', operationId, operations);
  }
  if (clinic !== undefined && !sandbox.fixtures.clinic(clinic)) {
    throw noAccount(sandbox, clinic);
  }
  if (effects.every((effect) => fault[effect] === undefined)) {
    throw badRequest(`The fault has no effect; give at least one of ${effects.join(', ')}.`);
  }
  checkExample(fault, sandbox);
  checkLifetime(fault, sandbox);
  const framed = Object.keys(headers).find((header) => framing.test(header));
  if (framed === undefined) return;
  throw badRequest(`The header ${framed} is set by the server; to break an answer, use delivery.`);
}

function checkExample({ operationId, status, example }: Fault, { api }: Sandbox): void {
  if (example === undefined) return;
  if (status === undefined) throw badRequest('An example belongs to a status: give the status as well.');
  const struck = api.operations.filter(({ id }) => operationId === undefined || id === operationId);
  const known = new Set(struck.flatMap((operation) => exampleNames(api.document, operation, String(status))));
  if (!known.has(example)) throw notFound('example', `${example} of ${status}`, [...known]);
}

function checkLifetime({ operationId, expiresIn, status, body }: Fault, { api }: Sandbox): void {
  if (expiresIn === undefined) return;
  const issuesTokens = servedOperations(api).some((each) => each.id === operationId && each.issuesTokens);
  if (operationId !== undefined && !issuesTokens) {
    throw badRequest(`The operation ${operationId} issues no tokens, so expiresIn has no effect: omit operationId.`);
  }
  if (status !== undefined || body !== undefined) {
    throw badRequest('expiresIn changes the token response: it cannot be combined with status or body.');
  }
}

const addedField = 'fieldAddedByTheMock';

/** Adds a field to each object that allows unknown fields, as a later minor version of the API may add them. */
function addUnknownFields(body: unknown, check: (body: unknown) => Violation[]): void {
  const before = new Set(check(body).map(({ path, expected }) => `${path} ${expected}`));
  addEverywhere(body);
  // A new violation comes from the field: remove it there.
  for (const { path, expected, steps } of check(body)) {
    if (before.has(`${path} ${expected}`)) continue;
    const holder = valueAt(body, steps.at(-1) === addedField ? steps.slice(0, -1) : steps);
    if (typeof holder === 'object' && holder !== null) Reflect.deleteProperty(holder, addedField);
  }
}

function addEverywhere(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const child of Object.values(value)) addEverywhere(child);
  if (!Array.isArray(value)) Reflect.set(value, addedField, 'A client must ignore it.');
}
