import { exampleNames, successSchema } from '../../openapi/responses.ts';
import type { Violation } from '../../openapi/schema-checker.ts';
import { valueAt } from '../../util/json.ts';
import type { KeyStatus } from '../clinics/clinic.ts';
import type { Fault, SetFault } from '../faults/faults.ts';
import type { Findings } from '../findings/findings.ts';
import { withTokenEndpoint } from '../routing/paths.ts';
import type { Clock } from '../state/clock.ts';
import type { Journal } from '../state/journal.ts';
import type { NewKey } from '../state/keys.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { makeSigningKey } from '../state/signing-keys.ts';
import type { Credentials } from '../token/basic-credentials.ts';
import { checkArgument } from './check-request.ts';
import { ControlError, notFound } from './control-error.ts';

/** What a client needs to know of one clinic of the mock. */
export interface MockClinic {
  clinic: string;
  tokenUrl: string;
  keys: ShownKey[];
}

/** Everything that can be done to a running sandbox, for the control API and for a test in the same process alike. */
export class Controls {
  readonly clock: Clock;
  readonly keys: KeyControls;
  readonly answers: AnswerControls;
  readonly faults: FaultControls;
  readonly journal: Journal;
  readonly findings: Findings;
  readonly #sandbox: Sandbox;

  /** @internal Keeps the libraries' types out of the declarations. */
  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    this.clock = sandbox.clock;
    this.keys = new KeyControls(sandbox);
    this.answers = new AnswerControls(sandbox);
    this.faults = new FaultControls(sandbox);
    this.journal = sandbox.journal;
    this.findings = sandbox.findings;
  }

  /** Each clinic's token URL and keys, as they are now. */
  credentials(): MockClinic[] {
    return this.#sandbox.fixtures.ids().map((clinic) => ({
      clinic,
      tokenUrl: this.#sandbox.tokenUrl(clinic),
      keys: this.keys.list(clinic),
    }));
  }

  /** Signs with a new key. The old one stays published until its last token has expired. Gives the new key's id. */
  async rotateSigningKeys(): Promise<string> {
    const { signingKeys, clock, api } = this.#sandbox;
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
  readonly #sandbox: Sandbox;

  /** @internal Keeps the libraries' types out of the declarations. */
  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /**
   * Gives a clinic another answer to an operation, until it is restored or the mock is reset.
   * @throws ControlError if there is no such clinic or operation, the body violates the specification or is no JSON.
   */
  replace(clinic: string, operationId: string, body: unknown, options: ReplaceOptions = {}): void {
    const { api, fixtures } = this.#sandbox;
    const { body: answer, unchecked, additive } = checkArgument('replaceAnswer', { ...options, body });
    const schema = this.#schema(operationId);
    if (additive) addUnknownFields(answer, (value) => api.schemas.check(schema, value));
    const [wrong] = unchecked ? [] : api.schemas.check(schema, answer);
    if (wrong) {
      throw new ControlError(
        'invalid',
        `The answer violates the specification at ${wrong.path}: expected ${wrong.expected}, found ${wrong.found}.`,
      );
    }
    if (!fixtures.replace(clinic, operationId, answer)) throw notFound('clinic', clinic, fixtures.ids());
  }

  /**
   * Gives a clinic the answer of its file again.
   * @throws ControlError if there is no such clinic or operation.
   */
  restore(clinic: string, operationId: string): void {
    this.#schema(operationId);
    const { fixtures } = this.#sandbox;
    if (!fixtures.restore(clinic, operationId)) throw notFound('clinic', clinic, fixtures.ids());
  }

  #schema(operationId: string): string[] {
    const { document, operations } = this.#sandbox.api;
    const schemas = operations
      .filter(({ issuesTokens }) => !issuesTokens)
      .map((operation) => ({ id: operation.id, schema: successSchema(document, operation) }))
      .filter((each): each is { id: string; schema: string[] } => each.schema !== undefined);
    const found = schemas.find(({ id }) => id === operationId);
    if (found) return found.schema;
    throw notFound(
      'operation',
      `${operationId} that answers with a body`,
      schemas.map(({ id }) => id),
    );
  }
}

/** What goes wrong. */
export class FaultControls {
  readonly #sandbox: Sandbox;

  /** @internal Keeps the libraries' types out of the declarations. */
  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /**
   * Lets something go wrong from now on.
   * @throws ControlError if there is no such operation, clinic or example, if nothing would go wrong, or if no answer can
   * have the headers or the body.
   */
  add(fault: Fault): SetFault {
    const checked = checkArgument('addFault', fault);
    checkFault(checked, this.#sandbox);
    return this.#sandbox.faults.add(checked);
  }

  /** The faults that may still strike, each with the count that is left. */
  list(): SetFault[] {
    return this.#sandbox.faults.list();
  }

  /** Takes one fault back, or all. @throws ControlError if there is none of the id. */
  clear(id?: string): void {
    if (this.#sandbox.faults.clear(id) || id === undefined) return;
    throw notFound(
      'fault',
      id,
      this.list().map((fault) => fault.id),
    );
  }
}

/** A key as it is shown to whoever may control the mock. */
export interface ShownKey {
  clientId: string;
  clientSecret: string;
  status: KeyStatus;
}

/** What an administrator of a clinic does with its keys. */
export class KeyControls {
  readonly #sandbox: Sandbox;

  /** @internal Keeps the libraries' types out of the declarations. */
  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** @internal Whether there is a key with this secret. */
  have({ clientId, clientSecret }: Credentials): boolean {
    return this.#sandbox.keys.find(clientId)?.clientSecret === clientSecret;
  }

  /** The keys of a clinic with what they are worth now. */
  list(clinic: string): ShownKey[] {
    return this.#sandbox.keys.list(clinic).map((key) => this.#show(key.clientId));
  }

  /**
   * Makes a new active key.
   * @throws ControlError if there is no such clinic, the client id is taken, or `expiresAt` is no date.
   */
  issue(key: NewKey): ShownKey {
    const { fixtures, keys } = this.#sandbox;
    const { expiresAt, ...checked } = checkArgument('issueKey', key);
    if (!fixtures.clinic(checked.clinic)) throw notFound('clinic', checked.clinic, fixtures.ids());
    const issued = keys.issue({ ...checked, expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt) });
    if (!issued) throw new ControlError('conflict', `There is a key ${checked.clientId} already.`);
    return this.#show(issued.clientId);
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
    if (!this.#sandbox.keys.change(clientId, status)) throw this.#noKey(clientId);
    return this.#show(clientId);
  }

  #show(clientId: string): ShownKey {
    const key = this.#sandbox.keys.find(clientId);
    if (!key) throw this.#noKey(clientId);
    return { clientId, clientSecret: key.clientSecret, status: this.#sandbox.keys.status(key) };
  }

  #noKey(clientId: string): ControlError {
    const known = this.#sandbox.keys.list().map((key) => key.clientId);
    return notFound('key', clientId, known);
  }
}

/** What of a fault makes something go wrong. */
const effects = ['status', 'headers', 'body', 'contentType', 'delay', 'delivery', 'expiresIn'] as const;

/** @throws ControlError if a fault names what does not exist, would do nothing, or no answer can be as it says. */
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
