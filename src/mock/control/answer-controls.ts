import type { Sandbox } from '../state/sandbox.ts';
import { successSchema } from '../../openapi/responses.ts';
import { addUnknownFields } from './unknown-fields.ts';
import { checkJson } from './check-values.ts';
import { ControlError } from './control-error.ts';
import { notFound } from './not-found.ts';

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

  /** @internal The types that a user sees must not ask for those of the libraries beneath. */
  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /**
   * Gives a clinic another answer to an operation, until it is restored or the mock is reset.
   * @throws ControlError if there is no such clinic or operation, the body violates the specification or is no JSON.
   */
  replace(clinic: string, operationId: string, body: unknown, { unchecked, additive }: ReplaceOptions = {}): void {
    const { api, fixtures } = this.#sandbox;
    const schema = this.#schema(operationId);
    checkJson(body);
    const answer = additive ? addUnknownFields(body, (value) => api.schemas.check(schema, value)) : body;
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
