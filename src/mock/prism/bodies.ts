import type { Api } from '../../openapi/api.ts';
import { exampleIn } from '../../openapi/examples.ts';
import { partsBelow } from '../../openapi/look-up.ts';
import { operationName, type Operation } from '../../openapi/operations.ts';
import { documentedStatus } from '../../openapi/responses.ts';
import { messageOf } from '../../util/errors.ts';
import { isFields, isList, toPointer, valueAt } from '../../util/json.ts';
import { isJson } from '../../util/media-type.ts';
import { seededRandom } from '../../util/random.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { Chosen } from './engine.ts';
import { sendable } from './prism-operation.ts';
import { textOfBody } from './text-of-body.ts';

/** Writes the bodies of answers: what is made up is valid by the schema, and in the form of the media type. */
export class Bodies {
  readonly #api: Api;
  readonly #warn: (sentence: string) => void;
  readonly #random = seededRandom(1);
  /** The body made up for each schema, by JSON pointer: the same each time, unless the request asks for `dynamic`. */
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
    { status, headers, type, value, isMadeUp }: Chosen,
    { dynamic = false, asIs = false }: { dynamic?: boolean | undefined; asIs?: boolean } = {},
  ): Promise<Reply> {
    if (type === undefined) return { status, headers, body: undefined };
    const schema = this.#schemaOf(operation, documentedStatus(operation.statuses, status), type);
    let sent = value;
    if (schema && isMadeUp) sent = await this.#valid(operation, status, schema, value, dynamic);
    else if (schema && isJson(type) && !asIs) sent = await this.#mended(schema, value);
    const body = textOfBody(type, sent, this.#api.document, schema);
    if (typeof body !== 'object') return { status, headers, body };
    return jsonReply(406, {
      message: `The document describes ${body.what} under ${type}, which the mock cannot write.`,
    });
  }

  /** A valid body for a documented status and media type; undefined where none is found. */
  async example(operation: Operation, code: string, type: string): Promise<unknown> {
    const schema = this.#schemaOf(operation, code, type);
    if (!schema) return undefined;
    const { Values } = await import('../../openapi/values/values.ts');
    const { document, schemas } = this.#api;
    return new Values(document, schemas).valid(schema, 'answer', 1, this.#random)[0];
  }

  #schemaOf(operation: Operation, code: string | undefined, type: string): string[] | undefined {
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
      reason: messageOf(error).replaceAll(/\s*\n\s*/g, ' '),
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
