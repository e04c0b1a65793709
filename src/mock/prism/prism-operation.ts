import type { OpenApiDocument } from '../../openapi/document.ts';
import { partAt } from '../../openapi/look-up.ts';
import type { Operation } from '../../openapi/operations.ts';
import { mapParts, type Kind } from '../../openapi/structure.ts';
import { entriesOf, fieldsOf, fromPointer, isList, valueAt, type Fields } from '../../util/json.ts';
import { finiteSchema, linkedSchema, linkedThroughout } from './copy-schemas.ts';
import { transformOas3Operations } from './prism-parts.ts';

export type PrismOperation = ReturnType<typeof transformOas3Operations>[number];
type Schema = NonNullable<NonNullable<PrismOperation['responses'][number]['contents']>[number]['schema']>;

/** A schema with its references to others of the same kind. */
interface Linked {
  schema: Schema;
  links: ReadonlySet<string>;
}

/**
 * Makes Prism's operations one at a time, from the part of a document that an operation needs: schemas may refer to each
 * other, so that all of them without references would be without end. Examples and extensions stay as they are.
 */
export class PrismOperations {
  readonly #document: OpenApiDocument;
  readonly #made = new Map<string, PrismOperation>();
  /** Finite copies by what they are copies of: many operations have the same refusals. */
  readonly #finite = new WeakMap<object, object>();
  /** Schemas to check requests by, by their JSON pointers in the document. */
  readonly #linked = new Map<string, Linked>();
  /** Short names for pointers, which may have any characters. */
  readonly #names = new Map<string, string>();

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
    const item = partAt(this.#document, ['paths', path])?.fields ?? {};
    const { operationId, deprecated, requestBody, responses, parameters } =
      fieldsOf(valueAt(this.#document, steps)) ?? {};
    const links = new Set<string>();
    const asInput = (schema: object): object =>
      linkedSchema(this.#document, schema, (pointer) => this.#link(pointer, links));
    const parametersOf = (list: unknown): unknown[] =>
      (isList(list) ? list : []).map((each) => this.#plain(each, 'parameters', asInput));
    const plain = {
      operationId,
      deprecated,
      parameters: parametersOf(parameters),
      ...(requestBody === undefined ? {} : { requestBody: this.#plain(requestBody, 'requestBodies', asInput) }),
      responses: Object.fromEntries(
        entriesOf(responses)
          .filter(([status]) => !status.startsWith('x-'))
          .map(([status, each]) => [status, this.#plain(each, 'responses', this.#asOutput)]),
      ),
    };
    const operation = this.#translate(path, { parameters: parametersOf(item['parameters']), [method]: plain });
    // Prism would call a callback's URL by itself; the mock makes no calls.
    const made = { ...operation, responses: operation.responses.map(withOwnTypes), callbacks: [] };
    return links.size === 0 ? made : Object.assign(made, { __bundled__: this.#bundle(links) });
  }

  /** @param item a path item with one operation. */
  #translate(path: string, item: Fields): PrismOperation {
    const { openapi, jsonSchemaDialect }: Fields = { jsonSchemaDialect: undefined, ...this.#document };
    const dialect = jsonSchemaDialect === undefined ? {} : { jsonSchemaDialect };
    const [operation] = transformOas3Operations({ openapi, ...dialect, paths: { [path]: item } });
    if (!operation) throw new Error(`Prism cannot use the operation at ${path}.`);
    return operation;
  }

  /** A copy of what stands at a place, its references followed and its schemas changed; examples are data. */
  #plain(value: unknown, kind: Kind, change: (schema: object) => object): unknown {
    const reference = fieldsOf(value)?.['$ref'];
    const fields =
      typeof reference === 'string' ? partAt(this.#document, fromPointer(reference.slice(1)))?.fields : fieldsOf(value);
    // Prism reads neither links nor the headers of a part, which could lead back here.
    const { links: _, headers, ...own } = fields ?? {};
    return mapParts(kind === 'encoding' ? own : { ...own, ...(headers ? { headers } : {}) }, kind, (part) =>
      part.kind === 'schemas' ? change(part.value) : this.#plain(part.value, part.kind, change),
    );
  }

  readonly #asOutput = (schema: object): object => {
    const { $ref, ...beside }: Fields = { ...schema };
    const isAlone = typeof $ref === 'string' && Object.keys(beside).length === 0;
    const target = isAlone ? fieldsOf(valueAt(this.#document, fromPointer($ref.slice(1)))) : schema;
    const known = target && this.#finite.get(target);
    if (known) return known;
    const copy = finiteSchema(this.#document, schema);
    if (target) this.#finite.set(target, copy);
    return copy;
  };

  #link(pointer: string, links: Set<string>): string {
    links.add(pointer);
    const name = this.#names.get(pointer) ?? `schema${this.#names.size + 1}`;
    this.#names.set(pointer, name);
    return `#/__bundled__/${name}`;
  }

  /** The schemas that references lead to, and those that they refer to in turn. */
  #bundle(links: Iterable<string>): Record<string, Schema> {
    const all = new Set(links);
    const found: Record<string, Schema> = {};
    for (const pointer of all) {
      const linked = this.#linked.get(pointer) ?? this.#makeLinked(pointer);
      this.#linked.set(pointer, linked);
      found[this.#names.get(pointer) ?? pointer] = linked.schema;
      for (const each of linked.links) all.add(each);
    }
    return found;
  }

  #makeLinked(pointer: string): Linked {
    const links = new Set<string>();
    const target = valueAt(this.#document, fromPointer(pointer));
    const schema = linkedThroughout(this.#document, fieldsOf(target) ?? {}, (each) => this.#link(each, links));
    // Prism translates the schemas of operations alone.
    const content = { 'application/json': { schema } };
    const carrier = { requestBody: { content }, responses: {} };
    const translated = this.#translate('/', { post: carrier }).request?.body?.contents?.[0]?.schema;
    return { schema: translated ?? {}, links };
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
