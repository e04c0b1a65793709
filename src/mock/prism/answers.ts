import type { IHttpRequest } from '@stoplight/prism-http';
import type { Operation } from '../../spec/operation.ts';
import { successStatus } from '../../openapi/responses.ts';
import type { Clinic } from '../clinics/clinic.ts';
import type { Preference } from './preference.ts';
import { KeptChecks } from '../kept-checks.ts';
import { KeptReplies } from '../kept-replies.ts';
import type { Loading } from '../loading.ts';
import { identify, type Prism, type PrismOperation } from './types.ts';
import type { Reply } from '../http/reply.ts';
import { takesNothing } from '../takes-nothing.ts';

/** What an operation answers, by Prism: it chooses among the documented answers and validates the request. */
export class Answers {
  readonly #prism: Loading<Prism>;
  readonly #kept: KeptReplies;
  readonly #checks: KeptChecks;
  readonly #ofClinic = new WeakMap<Clinic, Map<string, PrismOperation>>();

  /** @param keeps whether an answer that Prism has given is kept for requests that are the same to it. */
  constructor(prism: Loading<Prism>, keeps = true) {
    this.#prism = prism;
    this.#kept = new KeptReplies(keeps);
    this.#checks = new KeptChecks(keeps);
  }

  /** Loads Prism, unless that has been begun. Everything here needs it, and what is asynchronous loads it by itself. */
  async load(): Promise<void> {
    await this.#prism.get();
  }

  /** Does something once Prism is loaded, which this does not begin. What comes first is done first. */
  later(act: () => void): void {
    this.#prism.later(act);
  }

  /** Does what was put off now, if Prism is loaded: somebody looks. */
  catchUp(): void {
    this.#prism.catchUp();
  }

  /**
   * The answer to a request that may pass: that of the clinic, or the specification's own example.
   * @param isValid whether the request is known to violate nothing.
   */
  async usual(
    operation: Operation,
    clinic: Clinic | undefined,
    request: IHttpRequest,
    isValid: boolean,
  ): Promise<Reply> {
    const { ask, operations } = this.#prism.value ?? (await this.#prism.get());
    const resource = this.#resource(operations, operation, clinic);
    const accept = request.headers?.['accept'];
    const kept = isValid ? this.#kept.find(resource, accept) : undefined;
    if (kept) return kept;
    const reply = await ask(resource, request, { validateRequest: true });
    if (isValid) this.#kept.keep(resource, accept, reply);
    return reply;
  }

  /**
   * The answer that is kept for any request with these headers, of an operation without input; undefined where there is none.
   * @param accept the header, where the request has it.
   */
  kept(operation: Operation, clinic: Clinic, accept: string | undefined): Reply | undefined {
    const prism = this.#prism.value;
    if (!prism || !this.#prism.isCaughtUp) return undefined;
    const resource = this.#resource(prism.operations, operation, clinic);
    return takesNothing(resource) ? this.#kept.find(resource, accept) : undefined;
  }

  /**
   * The answer that the request itself prefers among the documented ones; Prism's own refusal where there is none of
   * the kind. An example that is named is the specification's, any other answer of success the clinic's.
   */
  async preferred(
    operation: Operation,
    clinic: Clinic | undefined,
    request: IHttpRequest,
    { example, ...wish }: Preference,
  ): Promise<Reply> {
    const { ask, operations } = await this.#prism.get();
    const resource = this.#resource(operations, operation, example === undefined ? clinic : undefined);
    const named = example === undefined ? {} : { exampleKey: example };
    return ask(resource, request, { validateRequest: true, ...wish, ...named });
  }

  /**
   * What in a request violates the specification: nothing where the specification does not describe the operation.
   * Undefined where the request cannot be read. Prism must have been loaded.
   */
  violations(operation: Operation, request: IHttpRequest): string[] | undefined {
    const prism = this.#prism.value;
    if (!prism) throw new Error('Prism has not been loaded.');
    const resource = prism.operations.get(identify(operation));
    if (!resource) return [];
    return this.#checks.violations(resource, request, () => prism.check(resource, request));
  }

  /**
   * The answer that the specification documents for a status, whatever the request; undefined where it has none.
   * @param example which of its examples, if there is one of this name; otherwise the first.
   */
  async documented(operation: Operation, status: number, example?: string): Promise<Reply | undefined> {
    const { ask, operations } = await this.#prism.get();
    const resource = this.#resource(operations, operation, undefined);
    const response = resource.responses.find(({ code }) => code === String(status));
    if (!response) return undefined;
    const named = response.contents?.[0]?.examples?.some(({ key }) => key === example);
    const request: IHttpRequest = { method: operation.method, url: { path: operation.path } };
    return ask(resource, request, {
      validateRequest: false,
      code: status,
      ...(named && example !== undefined ? { exampleKey: example } : {}),
    });
  }

  #resource(operations: Prism['operations'], operation: Operation, clinic: Clinic | undefined): PrismOperation {
    const ofClinic = clinic && this.#ofClinic.get(clinic)?.get(operation.id);
    if (ofClinic) return ofClinic;
    const resource = operations.get(identify(operation));
    if (!resource) throw new Error(`Prism does not know the operation ${operation.id}.`);
    if (!clinic?.responses.has(operation.id)) return resource;
    const known = this.#ofClinic.get(clinic) ?? new Map<string, PrismOperation>();
    this.#ofClinic.set(clinic, known);
    const own = withFixture(resource, operation, clinic);
    known.set(operation.id, own);
    return own;
  }
}

/**
 * The operation with the clinic's answer as its only example of success, so that no answer of another clinic can be
 * found there by whatever way.
 */
function withFixture(resource: PrismOperation, operation: Operation, clinic: Clinic): PrismOperation {
  const status = successStatus(operation);
  const example = { id: clinic.id, key: clinic.id, value: clinic.responses.get(operation.id) };
  const responses = resource.responses.map((response) =>
    response.code === status
      ? { ...response, contents: response.contents?.map((content) => ({ ...content, examples: [example] })) ?? [] }
      : response,
  );
  return { ...resource, responses };
}
