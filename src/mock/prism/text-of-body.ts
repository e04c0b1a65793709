import type { OpenApiDocument } from '../../openapi/document.ts';
import { propertyOf, itemOf, SchemaReader, type Conjunction, type Keywords, type Steps } from '../../openapi/schema.ts';
import { fieldsOf, isList } from '../../util/json.ts';
import { essence, isForm, isJson } from '../../util/media-type.ts';

/** What a media type cannot carry, within a sentence. */
interface Unwritable {
  what: string;
}

/** A value as the text of a media type. @param schema the place of its schema, which names elements of XML. */
export function textOfBody(
  type: string,
  value: unknown,
  document: OpenApiDocument,
  schema: Steps | undefined,
): string | undefined | Unwritable {
  if (value === undefined) return undefined;
  if (isJson(type)) return JSON.stringify(value);
  const name = essence(type);
  const isXml = /^(?:application|text)\/xml$|\+xml$/.test(name);
  if (typeof value === 'string' && (!isXml || value.trimStart().startsWith('<'))) return value;
  if (isXml) return new XmlWriter(document).element(schema ? [schema] : [], value, 'xml', true);
  if (/(?:ndjson|jsonl|json-lines|jsonlines)$/.test(name)) {
    return [value]
      .flat()
      .map((line: unknown) => `${JSON.stringify(line)}\n`)
      .join('');
  }
  const isObject = typeof value === 'object' && value !== null;
  if (isForm(type) && isObject) {
    const fields = Object.entries(value).map(([key, each]): [string, string] => [key, plain(each)]);
    return new URLSearchParams(fields).toString();
  }
  // Text and bytes of no known form are in practice JSON that is called so.
  if (isObject && unwritable.test(name)) {
    return { what: isList(value) ? 'an array' : 'an object' };
  }
  return plain(value);
}

const unwritable = /^(?:text\/(?!plain$)|(?:image|audio|video|font|multipart)\/|application\/(?:pdf|zip|gzip)$)/;

function plain(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** Writes XML as OpenAPI 3.1 section 4.8.26 describes it. */
class XmlWriter {
  readonly #reader: SchemaReader;

  constructor(document: OpenApiDocument) {
    this.#reader = new SchemaReader(document);
  }

  /** @param usual the name of the element where the schema gives none. */
  element(schemas: Conjunction, value: unknown, usual: string, isRoot = false): string {
    const branch = this.#reader.read(schemas);
    const { name, space } = this.#named(schemas, usual);
    if (isList(value)) {
      const items = value.map((item, index) =>
        this.element(schemasOf(itemOf(branch, index)), item, isRoot ? 'item' : usual),
      );
      const isWrapped = isRoot || this.#xml(schemas)['wrapped'] === true;
      return isWrapped ? `<${name}${space}>${items.join('')}</${name}>` : items.join('');
    }
    const fields = fieldsOf(value);
    if (!fields) return `<${name}${space}>${value === null ? '' : escape(plain(value))}</${name}>`;
    const attributes: string[] = [];
    const elements: string[] = [];
    for (const [key, each] of Object.entries(fields)) {
      const below = schemasOf(propertyOf(branch, key));
      const isAttribute = this.#xml(below)['attribute'] === true;
      if (isAttribute) attributes.push(` ${this.#named(below, key).name}="${escape(plain(each))}"`);
      else elements.push(this.element(below, each, key));
    }
    return `<${name}${space}${attributes.join('')}>${elements.join('')}</${name}>`;
  }

  #xml(schemas: Conjunction): Keywords {
    const found = this.#reader.read(schemas).parts.map(({ schema }) => fieldsOf(schema['xml']) ?? {});
    return Object.fromEntries(found.toReversed().flatMap((each) => Object.entries(each)));
  }

  #named(schemas: Conjunction, usual: string): { name: string; space: string } {
    const { name, prefix, namespace } = this.#xml(schemas);
    const own =
      typeof name === 'string' && name !== '' ? name : usual.replaceAll(/[^\w.-]/g, '_').replace(/^(?![A-Za-z_])/, '_');
    const isPrefixed = typeof prefix === 'string' && prefix !== '';
    const space = typeof namespace === 'string' ? ` xmlns${isPrefixed ? `:${prefix}` : ''}="${escape(namespace)}"` : '';
    return { name: isPrefixed ? `${prefix}:${own}` : own, space };
  }
}

function schemasOf(below: Conjunction | 'nothing'): Conjunction {
  return below === 'nothing' ? [] : below;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
