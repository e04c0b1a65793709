import { STATUS_CODES } from 'node:http';
import type { Api } from '../../openapi/api.ts';
import { exampleIn } from '../../openapi/examples.ts';
import { partsBelow } from '../../openapi/look-up.ts';
import { operationName, type Operation } from '../../openapi/operations.ts';
import { documentedStatus } from '../../openapi/responses.ts';
import { messageOf } from '../../util/errors.ts';
import { fieldsOf, isFields, isList, toPointer, valueAt } from '../../util/json.ts';
import { essence, isJson } from '../../util/media-type.ts';
import { seededRandom } from '../../util/random.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { Chosen, Reason } from './engine.ts';
import { sendable } from './prism-operation.ts';
import { textOfBody } from './text-of-body.ts';

/** Writes the bodies of answers: what is made up is valid by the schema, and in the form of the media type. */
export class Bodies {
  readonly #api: Api;
  readonly #warn: (sentence: string) => void;
  readonly #random = seededRandom(1);
  /** The generated body of each schema, by JSON pointer: the same each time, unless the request asks for `dynamic`. */
  readonly #made = new Map<string, unknown>();
  /** Examples to what is sent for them, by the JSON pointer of the schema. */
  readonly #examples = new WeakMap<object, Map<string, unknown>>();
  readonly #warned = new Set<string>();

  /** @param warn is told, once for each operation and status, why no valid body could be made up. */
  constructor(api: Api, warn: (sentence: string) => void) {
    this.#api = api;
    this.#warn = warn;
  }

  /**
   * @param how `dynamic`: whether the value is another one each time; `asIs`: whether a wrong example is sent as it is, since
   *   the request names it, or since it is no example of the document.
   */
  async reply(
    operation: Operation,
    chosen: Chosen,
    {
      dynamic = false,
      asIs = false,
      why,
      isOwn = false,
    }: Reason & { dynamic?: boolean | undefined; asIs?: boolean } = {},
  ): Promise<Reply> {
    const { status, headers, type, value, isMadeUp } = chosen;
    if (type === undefined) return { status, headers, body: undefined };
    const schema = this.#schemaOfPart(operation, documentedStatus(operation.statuses, status), type);
    let filled = value;
    if (schema && isMadeUp) filled = await this.#valid(operation, status, schema, value, dynamic);
    else if (schema && isJson(type) && !asIs) filled = await this.#mended(schema, value);
    const says = why !== undefined && (isMadeUp || isOwn);
    const sent = says ? this.#saying({ ...chosen, type, value: filled }, schema, why) : filled;
    const body = textOfBody(type, sent, this.#api.document, schema);
    if (typeof body !== 'object') return { status, headers, body };
    return jsonReply(406, {
      message: `The document describes ${body.what} under ${type}, which the mock cannot write.`,
    });
  }

  /** A valid body for a documented status and media type; undefined where none is found. */
  async example(operation: Operation, code: string, type: string): Promise<unknown> {
    const schema = this.#schemaOfPart(operation, code, type);
    if (!schema) return undefined;
    const { Values } = await import('../../openapi/values/values.ts');
    const { document, schemas } = this.#api;
    return new Values(document, schemas).valid(schema, 'answer', 1, this.#random)[0];
  }

  /** An error's body with the sentence and the status in it, as far as its schema allows that. */
  #saying(chosen: Chosen & { type: string }, schema: string[] | undefined, why: string): unknown {
    const { value, type } = chosen;
    if (value === undefined && schema === undefined) return plainError(chosen, why);
    if (typeof value === 'string' && !isJson(type) && essence(type) !== 'text/plain') return value;
    const wrong = (body: unknown): number => (schema ? this.#api.schemas.check(schema, body, 'answer').length : 0);
    let said = value;
    for (const { steps, text } of textsIn(chosen, why)) {
      const changed = steps.length === 0 ? text : structuredClone(said);
      const holder = valueAt(changed, steps.slice(0, -1));
      if (steps.length > 0 && typeof holder === 'object' && holder !== null)
        Reflect.set(holder, steps.at(-1) ?? '', text);
      if (wrong(changed) <= wrong(said)) said = changed;
    }
    return said;
  }

  #schemaOfPart(operation: Operation, code: string | undefined, type: string): string[] | undefined {
    const content = partsBelow(this.#api.document, [...operation.steps, 'responses', code ?? '', 'content']);
    const [, part] = [...content].find(([key]) => (sendable[key.trim()] ?? key) === type) ?? [];
    return part && valueAt(part.fields, ['schema']) !== undefined ? [...part.steps, 'schema'] : undefined;
  }

  async #valid(
    operation: Operation,
    status: number,
    schema: string[],
    value: unknown,
    dynamic: boolean,
  ): Promise<unknown> {
    const pointer = toPointer(schema);
    if (!dynamic && this.#made.has(pointer)) return this.#made.get(pointer);
    const made = await this.#make(schema, value).catch((error: unknown) => ({
      value,
      reason: messageOf(error).replaceAll(/(?<!\s)\s*\n\s*/g, ' '),
    }));
    if (!dynamic) this.#made.set(pointer, made.value);
    if (made.reason !== undefined && !this.#warned.has(pointer)) {
      this.#warned.add(pointer);
      const where = `${operationName(operation)} (${operation.id}), ${status}`;
      this.#warn(`${where}: no valid answer could be made up: ${made.reason}. Add an example to the document.`);
    }
    return made.value;
  }

  /** An example of the document, with made-up parts where it is wrong; as it is where no valid one is found. */
  async #mended(schema: string[], example: unknown): Promise<unknown> {
    const pointer = toPointer(schema);
    const known = isFields(example) || isList(example) ? this.#examples.get(example) : undefined;
    if (known?.has(pointer)) return known.get(pointer);
    const value = await this.#mend(schema, example).catch(() => example);
    if (isFields(example) || isList(example)) this.#examples.set(example, new Map(known).set(pointer, value));
    return value;
  }

  async #mend(schema: string[], example: unknown): Promise<unknown> {
    const { document, schemas } = this.#api;
    const value = exampleIn(schemas, schema, example);
    if (schemas.check(schema, value, 'answer').length === 0) return value;
    const [{ Values }, { mended }] = await Promise.all([
      import('../../openapi/values/values.ts'),
      import('../../openapi/values/mend.ts'),
    ]);
    const values = new Values(document, schemas);
    return mended(values, schema, value, this.#random) ?? values.valid(schema, 'answer', 1, this.#random)[0] ?? example;
  }

  /** Prism's value if it is valid, otherwise one of ours; otherwise Prism's, and what is wrong with it. */
  async #make(schema: string[], theirs: unknown): Promise<{ value: unknown; reason?: string }> {
    const { document, schemas } = this.#api;
    // Imported late, since few documents need it.
    const { Values } = await import('../../openapi/values/values.ts');
    const values = new Values(document, schemas);
    const value = values.fitting([schema], theirs, 'answer');
    const [wrong] = schemas.check(schema, value, 'answer');
    if (!wrong) return { value };
    const [own] = values.valid(schema, 'answer', 1, this.#random);
    if (own !== undefined) return { value: own };
    return { value, reason: `${wrong.path} should be ${wrong.expected}, ${wrong.found} is made up (${wrong.keyword})` };
  }
}

function isProblem(type: string): boolean {
  return essence(type).startsWith('application/problem+');
}

/** The body of an error whose media type is documented, and nothing else of it. */
function plainError({ status, type = '' }: Chosen, why: string): unknown {
  // RFC 9457 section 4.2.1: what an error of no type of its own is called.
  if (isProblem(type)) return { type: 'about:blank', title: STATUS_CODES[status], status, detail: why };
  if (essence(type) === 'text/plain') return why;
  return isJson(type) || essence(type).endsWith('xml') ? { message: why } : undefined;
}

/** Names of the texts of an error that are for people, the more telling first. */
const texts = 'detail message error_description errorMessage description reason error title'.split(' ');
const statuses = 'status statusCode status_code httpStatus'.split(' ');
/** How deep an error's texts may stand: `{ errors: [{ message }] }`. */
const deepestText = 3;

interface Said {
  steps: string[];
  text: unknown;
}

/** What the body of an error says for people, and its status: where that stands, and what to say there. */
function textsIn({ status, type = '', value, isMadeUp }: Chosen, why: string): Said[] {
  const found: Said[] = [];
  const look = (within: unknown, steps: string[]): boolean => {
    if (steps.length > deepestText) return false;
    if (isList(within)) return look(within[0], [...steps, '0']);
    const fields = fieldsOf(within);
    if (!fields) return false;
    const say = (name: string, text: unknown): unknown => found.push({ steps: [...steps, name], text });
    for (const name of statuses) if (typeof fields[name] === 'number') say(name, status);
    const name = isProblem(type) ? 'detail' : texts.find((each) => typeof fields[each] === 'string');
    if (isMadeUp && name === 'detail') {
      if (typeof fields['type'] === 'string') say('type', 'about:blank');
      if (typeof fields['title'] === 'string') say('title', STATUS_CODES[status]);
    }
    if (name === undefined) return Object.keys(fields).some((each) => look(fields[each], [...steps, each]));
    return Boolean(say(name, why));
  };
  if (typeof value === 'string') return [{ steps: [], text: why }];
  look(value, []);
  return found;
}
