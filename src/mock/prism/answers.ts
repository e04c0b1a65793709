import type { IHttpRequest } from '@stoplight/prism-http';
import type { Operation } from '../../openapi/operations.ts';
import { documentedStatus } from '../../openapi/responses.ts';
import type { Clinic } from '../clinics/clinic.ts';
import type { Reply } from '../http/reply.ts';
import { keepNewest } from '../state/environment.ts';
import type { Bodies } from './bodies.ts';
import { identify, takesNothing, type Prism, type PrismOperation, type Wish } from './engine.ts';
import type { Preference } from './preference.ts';

/** `Accept` headers with a kept reply for each operation; a client has one or two. */
const mostReplies = 50;
/** Checked requests that are kept for each operation. */
const mostChecks = 100;
/** Characters that a request may have to be kept. */
const longest = 5000;

/** The answers of operations: Prism chooses among the documented ones and validates requests. */
export class Answers {
  /**
   * Prism's answers by `Accept`, which may be absent. To a request without violations Prism answers by the operation,
   * its examples and `Accept` alone, so it need not be asked again.
   */
  readonly #replies = new WeakMap<PrismOperation, Map<string | undefined, Reply>>();
  /** The violations that Prism found, by what it looks at in a request. */
  readonly #checks = new WeakMap<PrismOperation, Map<string, string[] | undefined>>();
  readonly #ofClinic = new WeakMap<Clinic, Map<string, PrismOperation>>();
  readonly #bodies: Bodies;
  readonly #keeps: boolean;
  #begin: () => void = () => {};
  readonly #loaded: Promise<Prism>;
  #prism: Prism | undefined;

  /**
   * @param load loads Prism, which takes long; called when Prism is first needed.
   * @param bodies writes the bodies of answers.
   * @param keeps whether Prism's answers and checks are kept for requests that are the same to it.
   */
  constructor(load: () => Promise<Prism>, bodies: Bodies, keeps = true) {
    this.#bodies = bodies;
    this.#keeps = keeps;
    this.#loaded = new Promise<Prism>((resolve) => {
      this.#begin = () => {
        this.#begin = () => {};
        resolve(load());
      };
    }).then((prism) => (this.#prism = prism));
  }

  /** Loads Prism, unless that has begun. The asynchronous methods load it by themselves. */
  load(): Promise<Prism> {
    this.#begin();
    return this.#loaded;
  }

  /** The result of `act`: at once if Prism is loaded, otherwise after it is; this does not begin to load it. */
  whenLoaded<Result>(act: () => Result): Result | Promise<Result> {
    return this.#prism ? act() : this.#loaded.then(act);
  }

  /** The clinic's answer, or the example of the specification. @param isValid whether the request has no violation. */
  async usual(
    operation: Operation,
    clinic: Clinic | undefined,
    request: IHttpRequest,
    isValid: boolean,
  ): Promise<Reply> {
    const { operations } = this.#prism ?? (await this.load());
    const resource = this.#resource(operations, operation, clinic);
    const accept = request.headers?.['accept'];
    const replies = mapIn(this.#replies, resource);
    const kept = isValid ? replies.get(accept) : undefined;
    if (kept) return kept;
    const reply = await this.#ask(operation, resource, request, { validateRequest: true });
    if (isValid && this.#keeps) keepNewest(replies, mostReplies, accept, reply);
    return reply;
  }

  /** The kept answer to requests with this `Accept`, of an operation without input. */
  kept(operation: Operation, clinic: Clinic, accept: string | undefined): Reply | undefined {
    if (!this.#prism) return undefined;
    const resource = this.#resource(this.#prism.operations, operation, clinic);
    return takesNothing(resource) ? this.#replies.get(resource)?.get(accept) : undefined;
  }

  /** The preferred answer, or Prism's refusal. A named example is the specification's, other successes the clinic's. */
  async preferred(
    operation: Operation,
    clinic: Clinic | undefined,
    request: IHttpRequest,
    { example, ...wish }: Preference,
  ): Promise<Reply> {
    const { operations } = await this.load();
    const resource = this.#resource(operations, operation, example === undefined ? clinic : undefined);
    return this.#ask(operation, resource, request, { validateRequest: true, ...wish, ...exampleKey(example) });
  }

  /** The violations in a request; undefined if it cannot be read. @throws Error if Prism is not loaded. */
  violations(operation: Operation, request: IHttpRequest): string[] | undefined {
    const prism = this.#prism;
    if (!prism) throw new Error('Prism has not been loaded.');
    const resource = prism.operations.get(identify(operation));
    if (!resource) return [];
    const key = this.#keeps ? keyOf(resource, request) : '';
    if (key === '' || key.length > longest) return prism.check(resource, request);
    const known = mapIn(this.#checks, resource);
    if (known.has(key)) return known.get(key);
    const found = prism.check(resource, request);
    keepNewest(known, mostChecks, key, found);
    return found;
  }

  /** The answer that the specification documents for a status, with the named example if it has that. */
  async documented(operation: Operation, status: number, example?: string): Promise<Reply | undefined> {
    const { operations } = await this.load();
    const resource = this.#resource(operations, operation, undefined);
    const code = documentedStatus(
      resource.responses.map((each) => each.code),
      status,
    );
    const response = resource.responses.find((each) => each.code === code);
    if (!response) return undefined;
    const named = response.contents?.[0]?.examples?.some(({ key }) => key === example);
    const request: IHttpRequest = { method: operation.method, url: { path: operation.path } };
    const wish = { validateRequest: false, code: status, ...exampleKey(named ? example : undefined) };
    return this.#ask(operation, resource, request, wish);
  }

  async #ask(operation: Operation, resource: PrismOperation, request: IHttpRequest, wish: Wish): Promise<Reply> {
    const { ask } = await this.load();
    let answer = await ask(resource, request, wish);
    // Prism fails at schemas that are too large or too new for it.
    if (!('isMadeUp' in answer) && answer.status === 500) {
      const { dynamic: _dynamic, ...plain } = wish;
      answer = await ask(await this.#withExamples(operation, resource), request, plain);
    }
    return 'isMadeUp' in answer ? this.#bodies.reply(operation, answer, wish.dynamic) : answer;
  }

  /** The operation with bodies of our own where the document gives no example. */
  async #withExamples(operation: Operation, resource: PrismOperation): Promise<PrismOperation> {
    const responses: PrismOperation['responses'] = [];
    for (const response of resource.responses) {
      const contents: NonNullable<typeof response.contents> = [];
      for (const content of response.contents ?? []) {
        const value =
          (content.examples ?? []).length > 0
            ? undefined
            : await this.#bodies.example(operation, response.code, content.mediaType);
        contents.push(value === undefined ? content : { ...content, examples: [{ id: 'made', key: 'made', value }] });
      }
      responses.push({ ...response, contents });
    }
    return { ...resource, responses };
  }

  #resource(operations: Prism['operations'], operation: Operation, clinic: Clinic | undefined): PrismOperation {
    const ofClinic = clinic && this.#ofClinic.get(clinic)?.get(operation.id);
    if (ofClinic) return ofClinic;
    const resource = operations.get(identify(operation));
    if (!resource) throw new Error(`Prism does not know the operation ${operation.id}.`);
    if (!clinic || (!clinic.responses.has(operation.id) && clinic.status === undefined)) return resource;
    const own = withFixture(resource, operation, clinic);
    mapIn(this.#ofClinic, clinic).set(operation.id, own);
    return own;
  }
}

function exampleKey(example: string | undefined): { exampleKey?: string } {
  return example === undefined ? {} : { exampleKey: example };
}

/** The operation with the clinic's answer as its only example of success: it never gives another clinic's. */
function withFixture(resource: PrismOperation, { id, usualStatus }: Operation, clinic: Clinic): PrismOperation {
  const { status, responses: bodies } = clinic;
  const codes = resource.responses.map(({ code }) => code);
  const code = status === undefined ? usualStatus : documentedStatus(codes, status);
  const given = resource.responses.find((each) => each.code === code);
  if (!given) return resource;
  const example = { id: clinic.id, key: clinic.id, value: bodies.get(id) };
  const contents = given.contents?.map((content) => (bodies.has(id) ? { ...content, examples: [example] } : content));
  // Prism takes the lowest success, and the first response where there is none.
  const others = resource.responses.filter((each) => each !== given && !each.code.startsWith('2'));
  const first = { ...given, code: status === undefined ? given.code : String(status), contents: contents ?? [] };
  return { ...resource, responses: [first, ...others] };
}

function mapIn<Owner extends object, Key, Value>(maps: WeakMap<Owner, Map<Key, Value>>, owner: Owner): Map<Key, Value> {
  const map = maps.get(owner) ?? new Map<Key, Value>();
  maps.set(owner, map);
  return map;
}

/** The parts of a request that Prism checks; of the headers, only those that the operation names. */
function keyOf({ request }: PrismOperation, { url, headers = {}, body }: IHttpRequest): string {
  const named = request?.headers?.map(({ name }) => headers[name.toLowerCase()] ?? null);
  return JSON.stringify([url.path, url.query, headers['content-type'], headers['content-length'], named, body]);
}
