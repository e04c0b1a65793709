import type { Operation } from '../../openapi/operations.ts';
import { textAt, parseObject } from '../../util/json.ts';
import { documentedStatus } from '../../openapi/responses.ts';
import type { Clinic } from '../clinics/clinic.ts';
import { longestAccept, type Reply } from '../http/reply.ts';
import { keepNewest } from '../state/environment.ts';
import type { Bodies } from './bodies.ts';
import type { Prism, Reason, Wish } from './engine.ts';
import type { JudgedRequest, RequestJudge } from './judge.ts';
import type { Preference } from './preference.ts';
import type { PrismOperation } from './prism-operation.ts';
import type { RequestViolation } from './request-violation.ts';

/** `Accept` headers with a kept reply for each operation; a client has one or two. */
const mostReplies = 50;
/** Checked requests that are kept for each operation. */
const mostChecks = 100;
/** Characters that a request may have to be kept. */
const longest = 5000;

/** The answers of operations, which Prism chooses among the documented ones, and what is wrong in requests. */
export class Answers {
  /**
   * Prism's answers by `Accept`, which may be absent. To a request without violations Prism answers by the operation,
   * its examples and `Accept` alone, so it need not be asked again.
   */
  readonly #replies = new WeakMap<PrismOperation, Map<string | undefined, Reply>>();
  /** What was found in requests, by what is looked at in them. */
  readonly #checks = new WeakMap<Operation, Map<string, RequestViolation[] | undefined>>();
  readonly #ofClinic = new WeakMap<Clinic, Map<string, PrismOperation>>();
  readonly #judge: RequestJudge;
  readonly #bodies: Bodies;
  readonly #keeps: boolean;
  #begin: () => void = () => {};
  readonly #loaded: Promise<Prism>;
  #prism: Prism | undefined;

  /**
   * @param load loads Prism, which takes long; called when Prism is first needed.
   * @param parts what judges requests, and what writes the bodies of answers.
   * @param keeps whether answers and what was found are kept for requests that are the same.
   */
  constructor(load: () => Promise<Prism>, { judge, bodies }: { judge: RequestJudge; bodies: Bodies }, keeps = true) {
    this.#judge = judge;
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

  /** The clinic's answer, or the example of the specification; to a request with violations what is documented for that. */
  async usual(
    operation: Operation,
    clinic: Clinic | undefined,
    accept: string | undefined,
    violations: RequestViolation[],
  ): Promise<Reply> {
    const { operations } = this.#prism ?? (await this.load());
    const resource = this.#resource(operations, operation, clinic);
    const isValid = violations.length === 0;
    const replies = mapIn(this.#replies, resource);
    const kept = isValid ? replies.get(accept) : undefined;
    if (kept) return kept;
    const reply = await this.#ask(operation, resource, accept, { violations });
    if (isValid && this.#keeps && (accept ?? '').length <= longestAccept)
      keepNewest(replies, mostReplies, accept, reply);
    return reply;
  }

  /** The kept answer to requests with this `Accept`, of an operation without input. */
  kept(operation: Operation, clinic: Clinic, accept: string | undefined): Reply | undefined {
    if (!this.#prism || !takesNothing(operation)) return undefined;
    return this.#replies.get(this.#resource(this.#prism.operations, operation, clinic))?.get(accept);
  }

  /** The preferred answer, or Prism's refusal. A named example is the specification's, other successes the clinic's. */
  async preferred(
    operation: Operation,
    clinic: Clinic | undefined,
    accept: string | undefined,
    violations: RequestViolation[],
    { example, ...wish }: Preference,
    isNamed = example !== undefined,
  ): Promise<Reply> {
    const { operations } = await this.load();
    const resource = this.#resource(operations, operation, example === undefined ? clinic : undefined);
    return this.#ask(operation, resource, accept, { violations, ...wish, ...exampleKey(example) }, { isNamed });
  }

  /** What violates the specification in a request; undefined if it cannot be read. */
  violations(operation: Operation, request: JudgedRequest): RequestViolation[] | undefined {
    if (request.body.length === 0 && request.headers['content-type'] === undefined && takesNothing(operation))
      return [];
    const key = this.#keeps ? keyOf(operation, request) : '';
    if (key === '' || key.length > longest) return this.#judge.judge(operation, request);
    const known = mapIn(this.#checks, operation);
    if (known.has(key)) return known.get(key);
    const found = this.#judge.judge(operation, request);
    keepNewest(known, mostChecks, key, found);
    return found;
  }

  /** The answer that the specification documents for a status, with the named example if it has that. */
  async documented(
    operation: Operation,
    status: number,
    example?: string,
    { accept, ...reason }: Reason & { accept?: string | undefined } = {},
  ): Promise<Reply | undefined> {
    const { operations } = await this.load();
    const resource = this.#resource(operations, operation, undefined);
    const code = documentedStatus(
      resource.responses.map((each) => each.code),
      status,
    );
    const response = resource.responses.find((each) => each.code === code);
    if (!response) return undefined;
    const named = response.contents?.[0]?.examples?.some(({ key }) => key === example);
    const wish = { code: status, ...exampleKey(named ? example : undefined) };
    return this.#ask(operation, resource, accept, wish, { reason });
  }

  /**
   * An error that the mock words by itself, in the form that the document gives to its status, otherwise as it is.
   * @param why the sentence for people; that of the reply unless given.
   */
  async worded(
    operation: Operation,
    reply: Reply,
    accept: string | undefined,
    why = sentenceIn(parseObject(reply.body ?? '')),
  ): Promise<Reply> {
    const { status } = reply;
    if (documentedStatus(operation.statuses, status) === undefined) return reply;
    // Accept may refuse the form of an error too, and that of 406 as well.
    for (const wanted of status === 406 ? [undefined] : new Set([accept, undefined])) {
      const form = await this.documented(operation, status, undefined, { accept: wanted, why, isOwn: true });
      if (form?.status !== status || form.body === undefined) continue;
      const { 'Content-Type': _, ...headers } = reply.headers;
      return { status, headers: { ...form.headers, ...headers }, body: form.body };
    }
    return reply;
  }

  /**
   * @param how `reason`: given for an error that is the mock's own, which is answered as it comes; `isNamed`: whether the
   *   request names the example, which is sent as it is then.
   */
  async #ask(
    operation: Operation,
    resource: PrismOperation,
    accept: string | undefined,
    wish: Wish,
    { reason, isNamed = false }: { reason?: Reason; isNamed?: boolean } = {},
  ): Promise<Reply> {
    const isUndescribed = resource.responses.length === 0 && wish.code === undefined;
    if (isUndescribed && !wish.violations?.length) return { status: 200, headers: {}, body: undefined };
    const { ask, operations } = await this.load();
    let answer = await ask(resource, accept, wish);
    // Accept says nothing of errors: a client that takes JSON alone wants to know of a problem all the same.
    if (accept !== undefined && !('isMadeUp' in answer) && givesError(resource, wish)) {
      answer = await ask(resource, undefined, wish);
    }
    // Prism fails at schemas that are too large or too new for it.
    if (!('isMadeUp' in answer) && answer.status === 500) {
      const { dynamic: _dynamic, ...plain } = wish;
      answer = await ask(await this.#withExamples(operation, resource), accept, plain);
    }
    const { violations = [], dynamic } = wish;
    const why = violations.length > 0 ? violations.map(({ message }) => message).join('. ') : undefined;
    const asIs = isNamed || resource !== operations.get(operation);
    const reply =
      'isMadeUp' in answer ? await this.#bodies.reply(operation, answer, { dynamic, asIs, why, ...reason }) : answer;
    const isOwn = !reason && (reply.status === 406 || (why !== undefined && !('isMadeUp' in answer)));
    return isOwn ? this.worded(operation, reply, accept, why) : reply;
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
    const resource = operations.get(operation);
    if (!clinic || (!clinic.responses.has(operation.id) && clinic.status === undefined)) return resource;
    const own = withFixture(resource, operation, clinic);
    mapIn(this.#ofClinic, clinic).set(operation.id, own);
    return own;
  }
}

/** Whether an operation answers with an error that it documents: by the wish, or since a clinic's answer is one. */
function givesError({ responses: [first, ...others] }: PrismOperation, { code, violations }: Wish): boolean {
  if (violations?.length) return false;
  if (code !== undefined) return code >= 400;
  return first !== undefined && /^[45]/.test(first.code) && !others.some((each) => each.code.startsWith('2'));
}

/** What an error of the mock, or of Prism, says for people. */
function sentenceIn(body: unknown): string | undefined {
  return textAt(body, 'message') ?? textAt(body, 'detail');
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

function takesNothing({ parameters, requestTypes }: Operation): boolean {
  return parameters.length + requestTypes.length === 0;
}

/** The parts of a request that are looked at; of the headers, only those that the operation names. */
function keyOf({ parameters }: Operation, { query, headers, parameters: inPath, body }: JudgedRequest): string {
  if (body.length > longest) return '';
  const named = parameters.map(({ name, in: place }) => (place === 'header' ? headers[name.toLowerCase()] : undefined));
  const cookie = parameters.some((each) => each.in === 'cookie') ? headers.cookie : undefined;
  return JSON.stringify([inPath, query.toString(), headers['content-type'], named, cookie, body.toString('latin1')]);
}
