import type { IHttpRequest } from '@stoplight/prism-http';
import type { OpenApiDocument } from '../spec/document.ts';
import type { Operation } from '../spec/operation.ts';
import { successStatus } from '../spec/success.ts';
import type { Clinic } from './clinics/clinic.ts';
import { loadPrism, type Ask, type PrismOperation } from './prism.ts';
import type { Reply } from './reply.ts';

/** What an operation answers, by Prism: it chooses among the documented answers and validates the request. */
export class Answers {
  readonly #operations: Map<string, PrismOperation>;
  readonly #ask: Ask;
  readonly #ofClinic = new WeakMap<Clinic, Map<string, PrismOperation>>();

  private constructor(operations: Map<string, PrismOperation>, ask: Ask) {
    this.#operations = operations;
    this.#ask = ask;
  }

  static async load(document: OpenApiDocument): Promise<Answers> {
    const { operations, ask } = await loadPrism(document);
    return new Answers(new Map(operations.map((each) => [identify(each), each])), ask);
  }

  /** The answer to a request that may pass: that of the clinic, or the specification's own example. */
  async usual(operation: Operation, clinic: Clinic | undefined, request: IHttpRequest): Promise<Reply> {
    const resource = this.#resource(operation, clinic);
    return this.#ask(resource, request, { validateRequest: true });
  }

  /**
   * The answer that the specification documents for a status, whatever the request; undefined where it has none.
   * @param example which of its examples, if there is one of this name; otherwise the first.
   */
  async documented(operation: Operation, status: number, example?: string): Promise<Reply | undefined> {
    const resource = this.#resource(operation, undefined);
    const response = resource.responses.find(({ code }) => code === String(status));
    if (!response) return undefined;
    const named = response.contents?.[0]?.examples?.some(({ key }) => key === example);
    const request: IHttpRequest = { method: operation.method, url: { path: operation.path } };
    return this.#ask(resource, request, {
      validateRequest: false,
      code: status,
      ...(named && example !== undefined ? { exampleKey: example } : {}),
    });
  }

  #resource(operation: Operation, clinic: Clinic | undefined): PrismOperation {
    const resource = this.#operations.get(`${operation.method} ${operation.path}`);
    if (!resource) throw new Error(`Prism does not know the operation ${operation.id}.`);
    if (!clinic?.responses.has(operation.id)) return resource;
    const known = this.#ofClinic.get(clinic) ?? new Map<string, PrismOperation>();
    this.#ofClinic.set(clinic, known);
    const own = known.get(operation.id) ?? withFixture(resource, operation, clinic);
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

function identify({ method, path }: PrismOperation): string {
  return `${method.toLowerCase()} ${path}`;
}
