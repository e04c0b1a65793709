import { methods, type OpenApiDocument } from '../openapi/document.ts';
import { isMappedReference } from '../openapi/load/references.ts';
import { mapParts, mapValues, type Kind } from '../openapi/structure.ts';
import { entriesOf, fieldsOf, fromPointer, isList, valueAt, type Fields } from '../util/json.ts';

/** What openapi-typescript writes types from. Some of the rest would stop it, or make it fetch. */
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

/** Keys of data, in which `$ref` must not be followed. */
const data = new Set(['default', 'example', 'examples', 'enum', 'const']);

/**
 * Works around what openapi-typescript 7.13 does wrong or refuses.
 * @param document references lead to whole components only.
 * @returns the prepared document, and the marks to replace in the output.
 */
export function prepare(document: OpenApiDocument): { json: string; marks: Marks } {
  const marks = chooseMarks(JSON.stringify(document));
  const version31 = document.openapi.startsWith('3.1');

  function copy(holder: object, kind: Kind, parent: Kind): Record<string, unknown> {
    const known = kind === 'components' || parent !== 'components' || kind === 'schemas' ? holder : resolved(holder);
    const kept = pick(known, kind);
    const mended =
      kind === 'schemas'
        ? mendSchema(withoutBackwardUnion(document, withoutInference(kept)), document, version31)
        : kept;
    const copied = mapParts(mended, kind, (part) => copy(part.value, part.kind, kind));
    return marks.hideNames(copied, kind);
  }

  /**
   * Without a mapping, the generator takes the names of schemas for the values of a discriminator: not where the schemas
   * list values of their own.
   */
  function withoutInference(schema: object): object {
    const { discriminator, ...rest }: Fields = { ...schema };
    const { propertyName, mapping } = fieldsOf(discriminator) ?? {};
    if (typeof propertyName !== 'string' || entriesOf(mapping).length > 0) return schema;
    const choices = ['oneOf', 'anyOf'].flatMap((key) => (isList(rest[key]) ? rest[key] : []));
    const all = choices.length > 0 ? choices : [rest, ...derivedFrom(document, rest)];
    const values = all.map((each) => [nameOf(each), valuesOf(document, each, propertyName)] as const);
    return values.some(([name, own]) => own.length > 0 && !own.includes(name)) ? rest : schema;
  }

  /** The generator ignores components, other than schemas, that are just a reference. */
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

  /** A webhook must not be a reference; the operations of its target have ids already. */
  function webhooksOf({ webhooks, components }: Record<string, unknown>): unknown {
    if (!webhooks) return undefined;
    return Object.fromEntries(
      entriesOf(webhooks).map(([name, item]) => {
        const reference = valueAt(item, ['$ref']);
        if (typeof reference !== 'string') return [name, item];
        const target = fieldsOf(valueAt({ components }, fromPointer(reference.slice(1)))) ?? {};
        const copied = mapParts(target, 'pathItems', ({ value, kind }) =>
          kind === 'operation' ? { ...value, operationId: undefined } : value,
        );
        return [name, copied];
      }),
    );
  }
}

function pick(holder: object, kind: Kind): object {
  const keys = read[kind];
  const kept = entriesOf(holder).filter(([key, value]) => {
    if (data.has(key) && JSON.stringify({ value }).includes('"$ref"')) return false;
    return keys ? keys.includes(key) : !key.startsWith('x-');
  });
  return mapValues(Object.fromEntries(kept), (value, key) => {
    // Among paths and statuses, an extension would be taken for one.
    if (kind === 'components' || (key !== 'paths' && key !== 'responses')) return value;
    return Object.fromEntries(entriesOf(value).filter(([name]) => !name.startsWith('x-')));
  });
}

/**
 * Breaks the cycle between a base that is one of its derived schemas and a schema that is all of the base: within that
 * schema, the base loses its union, which is redundant there.
 */
function withoutBackwardUnion(document: OpenApiDocument, schema: object): object {
  if (!('allOf' in schema) || !Array.isArray(schema.allOf)) return schema;
  const allOf = schema.allOf.map((item: unknown) => {
    const base = lookUp(document, item);
    const unions = base ? ['oneOf', 'anyOf'].filter((key) => leadsBack(document, base[key], schema)) : [];
    if (!base || unions.length === 0) return item;
    return Object.fromEntries(Object.entries(base).filter(([key]) => ![...unions, 'discriminator'].includes(key)));
  });
  return { ...schema, allOf };
}

/** The schemas that are all of a schema, as references. */
function derivedFrom(document: OpenApiDocument, base: Fields): Fields[] {
  return entriesOf(document.components?.['schemas']).flatMap(([name, schema]) => {
    const parents = fieldsOf(schema)?.['allOf'];
    const derived =
      isList(parents) && parents.some((each) => lookUp(document, each)?.['properties'] === base['properties']);
    return derived ? { $ref: `#/components/schemas/${name}` } : [];
  });
}

function nameOf(schema: unknown): string {
  const reference = fieldsOf(schema)?.['$ref'];
  return typeof reference === 'string' ? (fromPointer(reference.slice(1)).at(-1) ?? '') : '';
}

/** The values that a schema lists for a property, also where it is all of another. */
function valuesOf(document: OpenApiDocument, schema: unknown, property: string, hops = 0): unknown[] {
  const { properties, allOf } = lookUp(document, schema) ?? fieldsOf(schema) ?? {};
  const own = fieldsOf(properties)?.[property];
  const { enum: list, const: one } = lookUp(document, own) ?? fieldsOf(own) ?? {};
  if (isList(list)) return list;
  if (one !== undefined) return [one];
  // A document whose references run in a circle has no end.
  if (hops > 20 || !isList(allOf)) return [];
  return allOf.flatMap((each) => valuesOf(document, each, property, hops + 1)).slice(0, 100);
}

/** Whether one of the choices is this schema: copies share its `allOf`. */
function leadsBack(document: OpenApiDocument, choices: unknown, schema: { allOf?: unknown }): boolean {
  if (!Array.isArray(choices)) return false;
  return choices.some((choice: unknown) => valueAt(lookUp(document, choice), ['allOf']) === schema.allOf);
}

function lookUp(document: OpenApiDocument, item: unknown): Fields | undefined {
  const reference = valueAt(item, ['$ref']);
  return typeof reference === 'string' ? fieldsOf(valueAt(document, fromPointer(reference.slice(1)))) : undefined;
}

/** References lead to components by now; definitions within a schema would become properties. */
const unread = new Set(['$defs', 'definitions', '$id', '$schema', '$anchor', '$comment', 'externalDocs', 'xml']);
/** Keywords that add to a sibling `$ref` in OpenAPI 3.1, and are ignored in 3.0. */
const constraints = ['allOf', 'anyOf', 'oneOf', 'properties', 'additionalProperties', 'required', 'enum', 'const'];

/** A copy of one schema, without its parts, in keywords that openapi-typescript supports. */
function mendSchema(schema: object, document: OpenApiDocument, version31: boolean): Record<string, unknown> {
  const mended: Record<string, unknown> = Object.fromEntries(
    entriesOf(schema).filter(([key, value]) => !unread.has(key) && (key !== 'title' || typeof value === 'string')),
  );
  // A YAML number may be infinite, unlike JSON.
  const isJson = (value: unknown): boolean => typeof value !== 'number' || Number.isFinite(value);
  if (Array.isArray(mended['enum'])) mended['enum'] = mended['enum'].filter(isJson);
  if (mended['const'] === null) {
    delete mended['const'];
    mended['enum'] = [null];
  }
  const mapping = valueAt(mended, ['discriminator', 'mapping']);
  if (mapping) mended['discriminator'] = { ...fieldsOf(mended['discriminator']), mapping: named(mapping, document) };
  return version31 ? besideReference(mended) : mended;
}

/** Replaces bare schema names in a mapping by references. */
function named(mapping: unknown, document: OpenApiDocument): Record<string, unknown> {
  return mapValues(fieldsOf(mapping) ?? {}, (name) => {
    if (typeof name !== 'string' || isMappedReference(name)) return name;
    return valueAt(document, ['components', 'schemas', name]) === undefined ? name : `#/components/schemas/${name}`;
  });
}

function besideReference(schema: Record<string, unknown>): Record<string, unknown> {
  if (typeof schema['$ref'] !== 'string' || !constraints.some((key) => key in schema)) return schema;
  const { $ref, allOf, ...rest } = schema;
  return { ...rest, allOf: [{ $ref }, ...(isList(allOf) ? allOf : [])] };
}

/**
 * openapi-typescript treats names as parts of a URL: it decodes `%`, fails on invalid escapes, and turns `#` into a slash.
 * It writes numeric property names as numbers or as strings. Marks that are unused in the document temporarily replace the
 * two characters, and precede digits.
 */
interface Marks {
  /** A copy of an object with marks in the names that it defines. */
  hideNames(holder: Record<string, unknown>, kind: Kind): Record<string, unknown>;
  /** Replaces the marks in generated text. */
  restore(text: string): string;
}

type Hide = (name: string) => string;

/** Keys of objects whose keys are names. */
const containers = new Set(['paths', 'webhooks', 'responses', 'content', 'headers', 'properties']);
/** Keys of a name, or of a list of names. */
const values = new Set(['operationId', 'name', 'required', 'propertyName']);
/** Keys of property names. */
const ofProperties = new Set(['properties', 'required', 'propertyName']);

function chooseMarks(json: string): Marks {
  const [percent = '', hash = '', digit = ''] = freeCharacters(json);
  const hide: Hide = (name) => name.replaceAll('%', percent).replaceAll('#', hash);
  const hideDigits: Hide = (name) => hide(name).replace(/^(?=\d)/, digit);
  return {
    hideNames: (holder, kind) =>
      mapValues(holder, (value, key) => {
        const change = ofProperties.has(key) ? hideDigits : hide;
        if (values.has(key)) return hideValue(value, change);
        const fields = fieldsOf(value);
        if (kind === 'components' || !fields) return value;
        if (key === 'discriminator') {
          return mapValues(fields, (each, name) => (name === 'propertyName' ? hideValue(each, hideDigits) : each));
        }
        if (!containers.has(key)) return value;
        return Object.fromEntries(entriesOf(fields).map(([name, each]) => [change(name), each]));
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

/** Three unused characters of the private use area. */
function freeCharacters(json: string): string[] {
  const text = json.toUpperCase();
  const free: string[] = [];
  for (let code = 0xe0_00; free.length < 3; code += 1) {
    const character = String.fromCodePoint(code);
    if (!json.includes(character) && !text.includes(escaped(character).slice(1).toUpperCase())) free.push(character);
  }
  return free;
}

/** The character as TypeScript prints it in a string. */
function escaped(mark: string): string {
  return String.raw`\u${mark.codePointAt(0)?.toString(16).toUpperCase()}`;
}

function hideValue(value: unknown, hide: Hide): unknown {
  if (typeof value === 'string') return hide(value);
  return Array.isArray(value) ? value.map((each: unknown) => hideValue(each, hide)) : value;
}
