import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { openapiSchemaToJsonSchema } from '@openapi-contrib/openapi-schema-to-json-schema';
import { entriesOf, fieldsOf, fromPointer, isFields, isList, valueAt, type Fields } from '../../src/util/json.ts';

/** `readOnly` properties are no part of a request, and `writeOnly` ones none of an answer. */
export type Message = 'request' | 'answer';

/** Values of these are data, or names to schemas. */
const data = new Set(['enum', 'const', 'required', 'type']);
const named = new Set(['properties', 'patternProperties', 'definitions', '$defs', 'dependentSchemas']);
const dropped = new Set(['example', 'examples', 'default', '$id', 'id', '$schema', '$anchor', 'discriminator']);

/** Judges values by the schemas of a document, with a converter and a validator that the product does not use for it. */
export class Schemas {
  readonly document: Fields;
  readonly #isOld: boolean;
  readonly #compiled: Record<Message, Map<unknown, ValidateFunction>> = { request: new Map(), answer: new Map() };

  constructor(document: Fields) {
    this.document = document;
    this.#isOld = String(document['openapi']).startsWith('3.0');
  }

  /** What stands at the end of references. @throws Error where there is nothing. */
  follow(value: unknown): Fields | undefined {
    for (let at = value, hops = 0; hops < 20; hops += 1) {
      const ref = fieldsOf(at)?.['$ref'];
      if (typeof ref !== 'string') return fieldsOf(at);
      at = this.#target(ref);
    }
    throw new Error('References lead in a circle.');
  }

  #target(ref: string): unknown {
    const found = ref.startsWith('#') ? valueAt(this.document, fromPointer(ref)) : undefined;
    if (found === undefined) throw new Error(`${ref} leads nowhere.`);
    return found;
  }

  /** What is wrong with a value; undefined where nothing is. @throws Error if the schema cannot be judged by. */
  fault(schema: unknown, value: unknown, message: Message): string | undefined {
    const known = this.#compiled[message].get(schema);
    const validate = known ?? newAjv().compile(this.standalone(schema, message));
    this.#compiled[message].set(schema, validate);
    if (validate(value)) return undefined;
    const [first] = validate.errors ?? [];
    return `${first?.instancePath || '/'} ${first?.message ?? 'is wrong'} (${first?.schemaPath ?? ''})`;
  }

  /** The schema as JSON Schema 2020-12, with all that it refers to. */
  standalone(schema: unknown, message: Message): Fields {
    const names = new Map<string, string>();
    const definitions: Fields = {};
    const nameOf = (ref: string): string => {
      const known = names.get(ref);
      if (known !== undefined) return known;
      const name = `s${names.size}`;
      names.set(ref, name);
      definitions[name] = this.#translated(this.#target(ref), message, nameOf);
      return name;
    };
    const translated = this.#translated(schema, message, nameOf);
    return translated === false ? { not: {} } : { ...fieldsOf(translated), definitions };
  }

  #translated(schema: unknown, message: Message, nameOf: (ref: string) => string): unknown {
    if (!isFields(schema)) return schema;
    if (!this.#isOld || typeof schema['$ref'] === 'string') return this.#walk(schema, nameOf);
    const options = { removeReadOnly: message === 'request', removeWriteOnly: message === 'answer', strictMode: false };
    return this.#walk(openapiSchemaToJsonSchema(schema, options), nameOf);
  }

  #walk(value: unknown, nameOf: (ref: string) => string): unknown {
    if (isList(value)) return value.map((each) => this.#walk(each, nameOf));
    if (!isFields(value)) return value;
    const { $ref: ref } = value;
    const reference = typeof ref === 'string' ? { $ref: `#/definitions/${nameOf(ref)}` } : {};
    if (typeof ref === 'string' && this.#isOld) return reference;
    const walked: Fields = {};
    for (const [key, each] of Object.entries(value)) {
      if (key === '$ref' || dropped.has(key) || key.startsWith('x-') || !isUsable(key, each)) continue;
      if (data.has(key)) walked[key] = each;
      else if (!named.has(key)) walked[key] = this.#walk(each, nameOf);
      else walked[key] = Object.fromEntries(entriesOf(each).map(([name, inner]) => [name, this.#walk(inner, nameOf)]));
    }
    return { ...inNewWords(walked), ...reference };
  }
}

/** Bounds of OpenAPI 3.0 are exclusive by a flag, those of later JSON Schema by themselves. */
function inNewWords(schema: Fields): Fields {
  const found = { ...schema };
  for (const [bound, flag] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    if (typeof found[flag] !== 'boolean') continue;
    const isExclusive = found[flag];
    delete found[flag];
    if (!isExclusive || found[bound] === undefined) continue;
    found[flag] = found[bound];
    delete found[bound];
  }
  return found;
}

/** Whether a keyword has a value that it can have: some documents write `pattern: 0`, or patterns of another language. */
function isUsable(key: string, value: unknown): boolean {
  if (key === 'pattern') return typeof value === 'string' && regExpOf(value) !== undefined;
  if (key === 'format') return typeof value === 'string';
  if (key === 'type') return typeof value === 'string' || isList(value);
  return key !== 'required' || isList(value);
}

function regExpOf(source: string): RegExp | undefined {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(source, flags);
    } catch {
      continue;
    }
  }
  return undefined;
}

const regExp = Object.assign((source: string): RegExp => regExpOf(source) ?? /(?:)/, { code: 'new RegExp' });

function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, logger: false, code: { regExp } });
  addFormats.default(ajv);
  return ajv;
}
