import { exampleNames, successSchema } from '../../openapi/responses.ts';
import type { Violation } from '../../openapi/schema-checker.ts';
import { valueAt } from '../../util/json.ts';
import type { Key, KeyStatus } from '../clinics/clinic.ts';
import type { Fault, SetFault } from '../faults/faults.ts';
import type { Findings } from '../findings/findings.ts';
import { withTokenEndpoint } from '../routing/paths.ts';
import type { Clock } from '../state/clock.ts';
import type { Journal } from '../state/journal.ts';
import type { NewKey } from '../state/keys.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { makeSigningKey } from '../state/signing-keys.ts';
import { checkArgument } from './check-request.ts';
import { ControlError, notFound } from './control-error.ts';

/** One clinic of the mock, as a client needs it. */
export interface MockClinic {
  clinic: string;
  tokenUrl: string;
  keys: ShownKey[];
}

/** Everything that a test, or the control API, can do to a running sandbox. */
export class Controls {
  /** Issues, revokes, expires and restores keys. */
  readonly keys: KeyControls;
  /** Replaces what a clinic answers. */
  readonly answers: AnswerControls;
  /** Lets something go wrong. */
  readonly faults: FaultControls;
  readonly #current: () => Sandbox;

  /** @internal @param current the sandbox since the last reset. */
  constructor(current: () => Sandbox) {
    this.keys = new KeyControls(current);
    this.answers = new AnswerControls(current);
    this.faults = new FaultControls(current);
    this.#current = current;
  }

  /** Each clinic's token URL and keys, as they are now. */
  get clinics(): readonly MockClinic[] {
    const { fixtures } = this.#current();
    return fixtures.ids().map((clinic) => ({
      clinic,
      tokenUrl: this.#current().tokenUrl(clinic),
      keys: this.keys.list(clinic),
    }));
  }

  /** The mock's time, on which tokens and keys expire. */
  get clock(): Clock {
    return this.#current().clock;
  }

  /** What the mock was asked and answered. */
  get journal(): Journal {
    return this.#current().journal;
  }

  /** What the clients do wrong. */
  get findings(): Findings {
    return this.#current().findings;
  }

  /** Signs tokens with a new key, whose id it gives. The old one stays published until its last token has expired. */
  async rotateSigningKeys(): Promise<string> {
    const { signingKeys, clock, api } = this.#current();
    const next = await makeSigningKey();
    signingKeys.rotate(next, clock.now() + api.tokens.lifetime * 1000);
    return next.kid;
  }
}

/** How an answer is replaced. */
export interface ReplaceOptions {
  /** Serve the body even if it violates the specification: to see what a client makes of a wrong answer. Default false. */
  unchecked?: boolean | undefined;
  /** Add a field that the specification does not know to each object that may have one. Default false. */
  additive?: boolean | undefined;
}

/** What the clinics answer. */
export class AnswerControls {
  readonly #current: () => Sandbox;

  /** @internal */
  constructor(current: () => Sandbox) {
    this.#current = current;
  }

  /**
   * Gives a clinic another answer to an operation, until it is restored or the mock is reset.
   * @throws ControlError if there is no such clinic or operation, the body violates the specification or is no JSON.
   */
  replace(clinic: string, operationId: string, body: unknown, options: ReplaceOptions = {}): void {
    const { api, fixtures } = this.#current();
    const { body: answer, unchecked, additive } = checkArgument('replaceAnswer', { ...options, body });
    const schema = this.#schema(operationId);
    if (additive) addUnknownFields(answer, (value) => api.schemas.check(schema, value));
    const [wrong] = unchecked ? [] : api.schemas.check(schema, answer);
    if (wrong) {
      const { path, expected, found } = wrong;
      const message = `The answer violates the specification at ${path}: expected ${expected}, found ${found}.`;
      throw new ControlError('invalid', message);
    }
    if (!fixtures.replace(clinic, operationId, answer)) throw notFound('clinic', clinic, fixtures.ids());
  }

  /**
   * Gives a clinic the answer of its file again.
   * @throws ControlError if there is no such clinic or operation.
   */
  restore(clinic: string, operationId: string): void {
    this.#schema(operationId);
    const { fixtures } = this.#current();
    if (!fixtures.restore(clinic, operationId)) throw notFound('clinic', clinic, fixtures.ids());
  }

  #schema(operationId: string): string[] {
    const { document, operations } = this.#current().api;
    const schemas = new Map<string, string[]>();
    for (const operation of operations) {
      const schema = operation.issuesTokens ? undefined : successSchema(document, operation);
      if (schema) schemas.set(operation.id, schema);
    }
    const found = schemas.get(operationId);
    if (found) return found;
    throw notFound('operation', `${operationId} that answers with a body`, [...schemas.keys()]);
  }
}

/** What goes wrong. */
export class FaultControls {
  readonly #current: () => Sandbox;

  /** @internal */
  constructor(current: () => Sandbox) {
    this.#current = current;
  }

  /**
   * Lets something go wrong from now on.
   * @throws ControlError if there is no such operation, clinic or example, if nothing would go wrong, or if a value is
   * invalid.
   */
  add(fault: Fault): SetFault {
    const checked = checkArgument('addFault', fault);
    checkFault(checked, this.#current());
    return this.#current().faults.add(checked);
  }

  /** The faults that may still strike, each with the count that is left. */
  list(): SetFault[] {
    return this.#current().faults.list();
  }

  /** Takes one fault back, or all. @throws ControlError if there is none of the id. */
  clear(id?: string): void {
    if (this.#current().faults.clear(id) || id === undefined) return;
    const known = this.list().map((fault) => fault.id);
    throw notFound('fault', id, known);
  }
}

export interface ShownKey {
  clientId: string;
  clientSecret: string;
  status: KeyStatus;
}

/** What an administrator of a clinic does with its keys. */
export class KeyControls {
  readonly #current: () => Sandbox;

  /** @internal */
  constructor(current: () => Sandbox) {
    this.#current = current;
  }

  /** The keys of a clinic, each with its status now. */
  list(clinic: string): ShownKey[] {
    return this.#current()
      .keys.list(clinic)
      .map((key) => this.#show(key));
  }

  /**
   * Makes a new active key.
   * @throws ControlError if there is no such clinic, the client id is taken, or a value is invalid.
   */
  issue(key: NewKey): ShownKey {
    const { fixtures, keys } = this.#current();
    const { expiresAt, ...checked } = checkArgument('issueKey', key);
    if (!fixtures.clinic(checked.clinic)) throw notFound('clinic', checked.clinic, fixtures.ids());
    const issued = keys.issue({ ...checked, expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt) });
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
    const { keys } = this.#current();
    const changed = keys.change(clientId, status);
    if (changed) return this.#show(changed);
    const known = keys.list().map((key) => key.clientId);
    throw notFound('key', clientId, known);
  }

  #show(key: Key): ShownKey {
    const { clientId, clientSecret } = key;
    return { clientId, clientSecret, status: this.#current().keys.status(key) };
  }
}

/** What of a fault makes something go wrong. */
const effects = ['status', 'headers', 'body', 'contentType', 'delay', 'delivery', 'expiresIn'] as const;

/** What the schema of a fault cannot say. @throws ControlError if the fault cannot strike, or would do nothing. */
function checkFault(fault: Fault, sandbox: Sandbox): void {
  const { operationId, clinic, headers = {} } = fault;
  const operations = withTokenEndpoint(sandbox.api.operations).map(({ id }) => id);
  if (operationId !== undefined && !operations.includes(operationId)) {
    throw notFound('operation', operationId, operations);
  }
  if (clinic !== undefined && !sandbox.fixtures.clinic(clinic)) {
    throw notFound('clinic', clinic, sandbox.fixtures.ids());
  }
  if (effects.every((effect) => fault[effect] === undefined)) {
    throw refused(`The fault says nothing that goes wrong; give at least one of ${effects.join(', ')}.`);
  }
  checkExample(fault, sandbox);
  checkLifetime(fault, sandbox);
  const framed = Object.keys(headers).find((header) => framing.test(header));
  if (framed !== undefined) {
    throw refused(`The header ${framed} is set by the server; to break an answer, use delivery.`);
  }
}

function checkExample({ operationId, status, example }: Fault, { api }: Sandbox): void {
  if (example === undefined) return;
  if (status === undefined) throw refused('An example is one of a status: give the status as well.');
  const struck = api.operations.filter(({ id }) => operationId === undefined || id === operationId);
  const known = new Set(struck.flatMap((operation) => exampleNames(api.document, operation, String(status))));
  if (!known.has(example)) throw notFound('example', `${example} of ${status}`, [...known]);
}

function checkLifetime({ operationId, expiresIn, status, body }: Fault, { api }: Sandbox): void {
  if (expiresIn === undefined) return;
  const issuesTokens = withTokenEndpoint(api.operations).some((each) => each.id === operationId && each.issuesTokens);
  if (operationId !== undefined && !issuesTokens) {
    throw refused(`The operation ${operationId} issues no tokens, so it says no expiresIn: leave operationId out.`);
  }
  if (status !== undefined || body !== undefined) {
    throw refused('expiresIn changes the answer with the token: it cannot stand beside status or body.');
  }
}

function refused(message: string): ControlError {
  return new ControlError('bad_request', message);
}

/** Headers by which HTTP frames an answer: with other values than the server's own, no client could read it. */
const framing = /^(connection|content-length|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

const addedField = 'fieldAddedByTheMock';

/**
 * Adds a field to each object of a body that may have fields unknown to the specification, as a later minor version of the
 * API may add them.
 * @param check says what is wrong with a body.
 */
function addUnknownFields(body: unknown, check: (body: unknown) => Violation[]): void {
  const before = new Set(check(body).map(({ path, expected }) => `${path} ${expected}`));
  addEverywhere(body);
  // A violation that is new comes from the field: take it out there again.
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
