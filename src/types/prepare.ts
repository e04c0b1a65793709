import { methods, type OpenApiDocument } from '../openapi/document.ts';
import { fromPointer, valueAt } from '../util/json.ts';
import { mapParts, type Kind } from '../openapi/structure.ts';
import { withoutBackwardUnion } from './prepare/backward-union.ts';
import { chooseMarks, type Marks } from './prepare/marks.ts';
import { mendSchema } from './prepare/schema.ts';

/** What openapi-typescript writes types from. Of the rest, some stops it, and some would make it fetch. */
const read: Partial<Record<Kind, readonly string[]>> = {
  document: ['openapi', 'info', 'paths', 'webhooks', 'components'],
  components: ['schemas', 'responses', 'parameters', 'requestBodies', 'headers', 'pathItems'],
  pathItems: ['$ref', 'summary', 'description', 'parameters', ...methods],
  operation: ['operationId', 'summary', 'description', 'deprecated', 'parameters', 'requestBody', 'responses'],
  parameters: ['$ref', 'name', 'in', 'description', 'required', 'deprecated', 'schema', 'example'],
  headers: ['$ref', 'description', 'required', 'deprecated', 'schema', 'content', 'example'],
  requestBodies: ['$ref', 'description', 'required', 'content'],
  responses: ['$ref', 'description', 'headers', 'content'],
  mediaType: ['schema', 'example'],
};

/** Keys that hold data, which may look like a reference and be followed. */
const data = new Set(['default', 'example', 'examples', 'enum', 'const']);

/** A document as openapi-typescript reads it without a mistake, and how to undo in its output what was done for it. */
export interface Prepared {
  json: string;
  marks: Marks;
}

/**
 * Prepares a document whose references all lead to whole components. Each change mends something that
 * openapi-typescript 7.13 does wrong or refuses; each says what.
 */
export function prepare(document: OpenApiDocument): Prepared {
  const marks = chooseMarks(JSON.stringify(document));
  const version31 = document.openapi.startsWith('3.1');

  function copy(holder: object, kind: Kind, parent: Kind): Record<string, unknown> {
    const known = kind === 'components' || parent !== 'components' || kind === 'schemas' ? holder : resolved(holder);
    const kept = pick(known, kind);
    const mended = kind === 'schemas' ? mendSchema(withoutBackwardUnion(document, kept), document, version31) : kept;
    const copied = mapParts(mended, kind, (part) => copy(part.value, part.kind, kind));
    return marks.hideNames(copied, kind);
  }

  /** Nothing but a schema may be a mere reference where components are listed: the generator reads past it. */
  function resolved(holder: object): object {
    let found: unknown = holder;
    for (let hops = 0; hops < 100; hops += 1) {
      const reference = valueAt(found, ['$ref']);
      if (typeof reference !== 'string') break;
      found = valueAt(document, fromPointer(reference.slice(1)));
    }
    return Object(found);
  }

  const whole = copy(document, 'document', 'document');
  const { title, version } = document.info;
  return { json: JSON.stringify({ ...whole, info: { title, version }, webhooks: webhooksOf(whole) }), marks };

  /** A webhook must not be a reference, and the operations of what it refers to have their names already. */
  function webhooksOf({ webhooks, components }: Record<string, unknown>): unknown {
    if (!webhooks) return undefined;
    return Object.fromEntries(
      Object.entries(Object(webhooks)).map(([name, item]) => {
        const reference = valueAt(item, ['$ref']);
        if (typeof reference !== 'string') return [name, item];
        const target = Object(valueAt({ components }, fromPointer(reference.slice(1))));
        return [
          name,
          mapParts(target, 'pathItems', ({ value, kind }) => {
            return kind === 'operation' ? { ...value, operationId: undefined } : value;
          }),
        ];
      }),
    );
  }
}

function pick(holder: object, kind: Kind): object {
  const keys = read[kind];
  const entries = Object.entries(holder).filter(([key, value]: [string, unknown]) => {
    if (data.has(key) && hasReference(value)) return false;
    return keys ? keys.includes(key) : !key.startsWith('x-');
  });
  return Object.fromEntries(
    entries.map(([key, value]: [string, unknown]) => [
      key,
      kind === 'components' ? value : withoutExtensions(key, value),
    ]),
  );
}

/** Between paths, and between statuses, an extension would be taken for one of them. */
function withoutExtensions(key: string, value: unknown): unknown {
  if (key !== 'paths' && key !== 'responses') return value;
  return Object.fromEntries(Object.entries(Object(value)).filter(([name]) => !name.startsWith('x-')));
}

function hasReference(value: unknown): boolean {
  return JSON.stringify({ value }).includes('"$ref"');
}
