import { methods, type OpenApiDocument } from '../openapi/document.ts';
import { isMappedReference } from '../openapi/load/references.ts';
import { mapParts, mapValues, type Kind } from '../openapi/structure.ts';
import { entriesOf, fieldsOf, fromPointer, valueAt } from '../util/json.ts';

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
interface Prepared {
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
    return fieldsOf(found) ?? {};
  }

  const whole = copy(document, 'document', 'document');
  const { title, version } = document.info;
  return { json: JSON.stringify({ ...whole, info: { title, version }, webhooks: webhooksOf(whole) }), marks };

  /** A webhook must not be a reference, and the operations of what it refers to have their names already. */
  function webhooksOf({ webhooks, components }: Record<string, unknown>): unknown {
    if (!webhooks) return undefined;
    return Object.fromEntries(
      entriesOf(webhooks).map(([name, item]) => {
        const reference = valueAt(item, ['$ref']);
        if (typeof reference !== 'string') return [name, item];
        const target = fieldsOf(valueAt({ components }, fromPointer(reference.slice(1)))) ?? {};
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
  return Object.fromEntries(entriesOf(value).filter(([name]) => !name.startsWith('x-')));
}

function hasReference(value: unknown): boolean {
  return JSON.stringify({ value }).includes('"$ref"');
}

/**
 * A schema that is all of a base, where the base is one of such schemas: common, meant as inheritance, and endless to a
 * compiler. Within the schema, the base stands without that choice, which says nothing there.
 */
function withoutBackwardUnion(document: OpenApiDocument, schema: object): object {
  if (!('allOf' in schema) || !Array.isArray(schema.allOf)) return schema;
  const allOf = schema.allOf.map((item: unknown) => {
    const base = lookUp(document, item);
    const unions = base ? ['oneOf', 'anyOf'].filter((key) => leadsBack(document, Reflect.get(base, key), schema)) : [];
    if (!base || unions.length === 0) return item;
    return Object.fromEntries(Object.entries(base).filter(([key]) => ![...unions, 'discriminator'].includes(key)));
  });
  return { ...schema, allOf };
}

/** True if one of the choices is this very schema; its list is the same object wherever it is copied. */
function leadsBack(document: OpenApiDocument, choices: unknown, schema: { allOf?: unknown }): boolean {
  if (!Array.isArray(choices)) return false;
  return choices.some((choice: unknown) => valueAt(lookUp(document, choice), ['allOf']) === schema.allOf);
}

function lookUp(document: OpenApiDocument, item: unknown): object | undefined {
  const reference = valueAt(item, ['$ref']);
  const found = typeof reference === 'string' ? valueAt(document, fromPointer(reference.slice(1))) : undefined;
  return typeof found === 'object' && found !== null ? found : undefined;
}

/** References lead to components by now; what is defined within a schema would become a property. */
const unread = new Set(['$defs', 'definitions', '$id', '$schema', '$anchor', '$comment', 'externalDocs', 'xml']);
/** Keywords that say more of the value than a `$ref` beside them does (OpenAPI 3.1; in 3.0 they are to be ignored). */
const constraints = ['allOf', 'anyOf', 'oneOf', 'properties', 'additionalProperties', 'required', 'enum', 'const'];

/** A copy of one schema, without its parts, in the words that openapi-typescript gets right. */
function mendSchema(schema: object, document: OpenApiDocument, version31: boolean): Record<string, unknown> {
  const kept = Object.entries(schema).filter(
    ([key, value]: [string, unknown]) => !unread.has(key) && (key !== 'title' || typeof value === 'string'),
  );
  const mended: Record<string, unknown> = Object.fromEntries(kept);
  if (Array.isArray(mended['enum'])) mended['enum'] = mended['enum'].filter(isJson);
  if (mended['const'] === null) {
    delete mended['const'];
    mended['enum'] = [null];
  }
  const mapping = valueAt(mended, ['discriminator', 'mapping']);
  if (mapping) mended['discriminator'] = { ...fieldsOf(mended['discriminator']), mapping: named(mapping, document) };
  return version31 ? besideReference(mended) : mended;
}

/** In YAML a number may be infinite; in what an API answers it cannot. */
function isJson(value: unknown): boolean {
  return typeof value !== 'number' || Number.isFinite(value);
}

/** A mapping to the bare name of a schema becomes one to a reference. */
function named(mapping: unknown, document: OpenApiDocument): Record<string, unknown> {
  return mapValues(fieldsOf(mapping) ?? {}, (name) => {
    if (typeof name !== 'string' || isMappedReference(name)) return name;
    return valueAt(document, ['components', 'schemas', name]) === undefined ? name : `#/components/schemas/${name}`;
  });
}

function besideReference(schema: Record<string, unknown>): Record<string, unknown> {
  if (typeof schema['$ref'] !== 'string' || !constraints.some((key) => key in schema)) return schema;
  const { $ref, allOf, ...rest } = schema;
  return { ...rest, allOf: [{ $ref }, ...(Array.isArray(allOf) ? allOf : [])] };
}

/**
 * openapi-typescript takes names for parts of a URL: it decodes `%`, stops at one that begins no escape, and turns `#`
 * into a slash. A property whose name is a number it writes as a number in one place and as a text in another. Marks that
 * stand nowhere else in the document take the place of the two characters, and stand before digits, on the way through.
 */
interface Marks {
  /** A copy of an object of the document with the marks in the names that it gives. */
  hideNames(holder: Record<string, unknown>, kind: Kind): Record<string, unknown>;
  /** The generated text with what the marks stand for. */
  restore(text: string): string;
}

type Hide = (name: string) => string;

/** Keys whose own keys are names that the API chose. */
const containers = new Set(['paths', 'webhooks', 'responses', 'content', 'headers', 'properties']);
/** Keys whose value is such a name, or a list of them. */
const values = new Set(['operationId', 'name', 'required', 'propertyName']);
/** Where the names are those of properties. */
const ofProperties = new Set(['properties', 'required', 'propertyName']);

/** Chooses marks that the document, as JSON, does not have. */
function chooseMarks(json: string): Marks {
  const [percent = '', hash = '', digit = ''] = freeCharacters(json);
  const hide: Hide = (name) => name.replaceAll('%', percent).replaceAll('#', hash);
  const hideDigits: Hide = (name) => hide(name).replace(/^(?=\d)/, digit);
  return {
    hideNames: (holder, kind) =>
      mapValues(holder, (value, key) => {
        const change = ofProperties.has(key) ? hideDigits : hide;
        if (values.has(key)) return hideValue(value, change);
        if (kind === 'components' || !isObject(value)) return value;
        if (key === 'discriminator') return hideValueOf(value, 'propertyName', hideDigits);
        return containers.has(key) ? hideKeys(value, change) : value;
      }),
    restore: (text) => {
      const stands = new Map([
        [percent, '%'],
        [hash, '#'],
        [digit, ''],
      ]);
      return [...stands].reduce(
        (changed, [mark, name]) => changed.replaceAll(mark, name).replaceAll(escaped(mark), name),
        text,
      );
    },
  };
}

/** Three characters of the private use area, for which no text has a meaning. */
function freeCharacters(json: string): string[] {
  const text = json.toUpperCase();
  const free: string[] = [];
  for (let code = 0xe0_00; free.length < 3; code += 1) {
    const character = String.fromCodePoint(code);
    if (!json.includes(character) && !text.includes(escaped(character).slice(1).toUpperCase())) free.push(character);
  }
  return free;
}

/** As TypeScript prints the character within a string. */
function escaped(mark: string): string {
  return String.raw`\u${mark.codePointAt(0)?.toString(16).toUpperCase()}`;
}

function hideValue(value: unknown, hide: Hide): unknown {
  if (typeof value === 'string') return hide(value);
  return Array.isArray(value) ? value.map((each: unknown) => hideValue(each, hide)) : value;
}

function hideValueOf(holder: object, name: string, hide: Hide): unknown {
  return mapValues(holder, (value, key) => (key === name ? hideValue(value, hide) : value));
}

function hideKeys(holder: object, hide: Hide): unknown {
  return Object.fromEntries(Object.entries(holder).map(([key, value]: [string, unknown]) => [hide(key), value]));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
