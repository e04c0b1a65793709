import type { IHttpRequest } from '@stoplight/prism-http';
import type { Operation } from '../../openapi/operations.ts';
import { successStatus } from '../../openapi/responses.ts';
import type { Clinic } from '../clinics/clinic.ts';
import type { Reply } from '../http/reply.ts';
import type { Preference } from './preference.ts';
import { identify, takesNothing, type Prism, type PrismOperation } from './types.ts';

/** What an operation answers, by Prism: it chooses among the documented answers and validates the request. */
export class Answers {
  readonly #kept: KeptReplies;
  readonly #checks: KeptChecks;
  readonly #ofClinic = new WeakMap<Clinic, Map<string, PrismOperation>>();
  #begin: () => void = () => {};
  readonly #loaded: Promise<Prism>;
  #prism: Prism | undefined;

  /**
   * @param load loads Prism, which takes long; it is called when Prism is first needed.
   * @param keeps whether an answer that Prism has given is kept for requests that are the same to it.
   */
  constructor(load: () => Promise<Prism>, keeps = true) {
    this.#kept = new KeptReplies(keeps);
    this.#checks = new KeptChecks(keeps);
    this.#loaded = new Promise<Prism>((resolve) => {
      this.#begin = () => {
        this.#begin = () => {};
        resolve(load());
      };
    }).then((prism) => (this.#prism = prism));
  }

  /** Loads Prism, unless that has been begun. Everything here needs it, and what is asynchronous loads it by itself. */
  load(): Promise<Prism> {
    this.#begin();
    return this.#loaded;
  }

  /** The result of an act once Prism is loaded, which this does not begin; at once where it is loaded. */
  whenLoaded<Result>(act: () => Result): Result | Promise<Result> {
    return this.#prism ? act() : this.#loaded.then(act);
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
    const { ask, operations } = this.#prism ?? (await this.load());
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
    if (!this.#prism) return undefined;
    const resource = this.#resource(this.#prism.operations, operation, clinic);
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
    const { ask, operations } = await this.load();
    const resource = this.#resource(operations, operation, example === undefined ? clinic : undefined);
    const named = example === undefined ? {} : { exampleKey: example };
    return ask(resource, request, { validateRequest: true, ...wish, ...named });
  }

  /**
   * What in a request violates the specification: nothing where the specification does not describe the operation.
   * Undefined where the request cannot be read. Prism must have been loaded.
   */
  violations(operation: Operation, request: IHttpRequest): string[] | undefined {
    const prism = this.#prism;
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
    const { ask, operations } = await this.load();
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

/** How many different `Accept` headers are kept for an operation; a client has one or two. */
const mostReplies = 50;

/**
 * Prism's answers of success, ready to be sent. To a request that violates nothing, Prism answers by the operation with its
 * examples and by what the request accepts, and by nothing else; so it need not be asked again.
 */
class KeptReplies {
  readonly #replies = new WeakMap<PrismOperation, Map<string | undefined, Reply>>();
  readonly #keeps: boolean;

  /** @param keeps false for a mock that asks Prism each time. */
  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  /** @param accept the header, where the request has it: to accept nothing is another thing than to say nothing of it. */
  find(operation: PrismOperation, accept: string | undefined): Reply | undefined {
    return this.#replies.get(operation)?.get(accept);
  }

  keep(operation: PrismOperation, accept: string | undefined, reply: Reply): void {
    const known = this.#replies.get(operation) ?? new Map<string | undefined, Reply>();
    if (!this.#keeps || known.size >= mostReplies) return;
    this.#replies.set(operation, known.set(accept, reply));
  }
}

/** How many requests are kept for an operation. */
const mostChecks = 100;
/** Characters that a request may have to be kept. */
const longest = 5000;

/** What Prism finds in requests. The same operation and the same input have the same violations, so they are looked for once. */
class KeptChecks {
  readonly #found = new WeakMap<PrismOperation, Map<string, string[] | undefined>>();
  readonly #keeps: boolean;

  /** @param keeps false for a mock that asks Prism each time. */
  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  /** @param check what is kept, where it is not known yet. */
  violations(
    operation: PrismOperation,
    request: IHttpRequest,
    check: () => string[] | undefined,
  ): string[] | undefined {
    const key = this.#keeps ? keyOf(operation, request) : '';
    if (key === '' || key.length > longest) return check();
    const known = this.#found.get(operation) ?? new Map<string, string[] | undefined>();
    this.#found.set(operation, known);
    if (known.has(key)) return known.get(key);
    const found = check();
    if (known.size >= mostChecks) {
      const [oldest = ''] = known.keys();
      known.delete(oldest);
    }
    known.set(key, found);
    return found;
  }
}

/** All of a request that Prism looks at: of the headers those that the operation names, and what they say of the body. */
function keyOf({ request }: PrismOperation, { url, headers = {}, body }: IHttpRequest): string {
  const named = request?.headers?.map(({ name }) => headers[name.toLowerCase()] ?? null);
  return JSON.stringify([url.path, url.query, headers['content-type'], headers['content-length'], named, body]);
}
