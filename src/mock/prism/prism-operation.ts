import type { OpenApiDocument } from '../../openapi/document.ts';
import { partAt } from '../../openapi/look-up.ts';
import type { Operation } from '../../openapi/operations.ts';
import { mapParts, type Kind } from '../../openapi/structure.ts';
import { entriesOf, fieldsOf, fromPointer, valueAt, type Fields } from '../../util/json.ts';
import { finiteSchema } from './copy-schemas.ts';
import { transformOas3Operations } from './prism-parts.ts';

export type PrismOperation = ReturnType<typeof transformOas3Operations>[number];

/**
 * Makes Prism's operations one at a time, from the part of a document that an operation needs: schemas may refer to each
 * other, so that all of them without references would be without end. The mock judges requests by itself, so these have answers
 * alone. Examples and extensions stay as they are.
 */
export class PrismOperations {
  readonly #document: OpenApiDocument;
  readonly #made = new Map<string, PrismOperation>();
  /** Finite copies by what they are copies of: many operations have the same refusals. */
  readonly #finite = new WeakMap<object, object>();

  constructor(document: OpenApiDocument) {
    this.#document = document;
  }

  get(operation: Operation): PrismOperation {
    const { method, path } = operation;
    const key = `${method} ${path}`;
    const made = this.#made.get(key) ?? this.#make(operation);
    this.#made.set(key, made);
    return made;
  }

  #make({ method, path, steps }: Operation): PrismOperation {
    const { operationId, deprecated, responses } = fieldsOf(valueAt(this.#document, steps)) ?? {};
    const plain = {
      operationId,
      deprecated,
      responses: Object.fromEntries(
        entriesOf(responses)
          .filter(([status]) => !status.startsWith('x-'))
          .map(([status, each]) => [status, this.#plain(each, 'responses')]),
      ),
    };
    const operation = this.#translate(path, { [method]: plain });
    // Prism would call a callback's URL by itself; the mock makes no calls.
    return { ...operation, responses: operation.responses.map(withOwnTypes), callbacks: [] };
  }

  /** @param item a path item with one operation. */
  #translate(path: string, item: Fields): PrismOperation {
    const { openapi, jsonSchemaDialect }: Fields = { jsonSchemaDialect: undefined, ...this.#document };
    const dialect = jsonSchemaDialect === undefined ? {} : { jsonSchemaDialect };
    const [operation] = transformOas3Operations({ openapi, ...dialect, paths: { [path]: item } });
    if (!operation) throw new Error(`Prism cannot use the operation at ${path}.`);
    return operation;
  }

  /** A copy of what stands at a place, its references followed and its schemas finite; examples are data. */
  #plain(value: unknown, kind: Kind): unknown {
    const reference = fieldsOf(value)?.['$ref'];
    const fields =
      typeof reference === 'string' ? partAt(this.#document, fromPointer(reference.slice(1)))?.fields : fieldsOf(value);
    // Prism reads neither links nor the headers of a part, which could lead back here.
    const { links: _, headers, ...own } = fields ?? {};
    return mapParts(kind === 'encoding' ? own : { ...own, ...(headers ? { headers } : {}) }, kind, (part) =>
      part.kind === 'schemas' ? this.#asOutput(part.value) : this.#plain(part.value, part.kind),
    );
  }

  #asOutput(schema: object): object {
    const { $ref, ...beside }: Fields = { ...schema };
    const isAlone = typeof $ref === 'string' && Object.keys(beside).length === 0;
    const target = isAlone ? fieldsOf(valueAt(this.#document, fromPointer($ref.slice(1)))) : schema;
    const known = target && this.#finite.get(target);
    if (known) return known;
    const copy = finiteSchema(this.#document, schema);
    if (target) this.#finite.set(target, copy);
    return copy;
  }
}

type PrismResponse = PrismOperation['responses'][number];

/** A range of media types as a document writes it, `*\/*`, stands for one that the mock can send. */
export const sendable: Record<string, string> = {
  '*/*': 'application/json',
  'application/*': 'application/json',
  'text/*': 'text/plain',
};

function withOwnTypes(response: PrismResponse): PrismResponse {
  const contents = response.contents?.map((content) => ({
    ...content,
    mediaType: sendable[content.mediaType.trim()] ?? content.mediaType,
  }));
  return contents ? { ...response, contents } : response;
}
