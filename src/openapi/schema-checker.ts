import type { ErrorObject, ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { messageOf, Problem } from '../util/errors.ts';
import { fieldsOf, fromPointer, toJsonPath, toPointer, valueAt } from '../util/json.ts';
import { toKeywords2020 } from './schema.ts';
import { mapValues } from './structure.ts';

type Document = { readonly openapi: string };

export class SchemaChecker {
  readonly #document: Document;
  #ajv: Ajv2020 | undefined;
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(document: Document) {
    this.#document = document;
  }

  /**
   * What is wrong with a value by the schema at a place of the document; empty where nothing is.
   * @param steps the keys that lead to the schema, with no reference on the way (see `follow`).
   * @param part what the value is of: an answer need not have a required property that is `writeOnly` (OpenAPI 3.0.3 section 4.7.24.1).
   * @throws Problem if the schema is no valid JSON Schema, which the official schema of OpenAPI 3.1 does not look at.
   */
  check(steps: readonly string[], value: unknown, part?: 'answer'): Violation[] {
    const validate = this.#compile(toPointer(steps));
    if (validate(value)) return [];
    const wrong = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if');
    return wrong.filter((error) => part === undefined || !this.#lacksWriteOnly(error)).map(describeViolation);
  }

  #lacksWriteOnly({ keyword, params, parentSchema }: ErrorObject): boolean {
    if (keyword !== 'required') return false;
    const property = valueAt(parentSchema, ['properties', String(params['missingProperty'])]);
    const reference = fieldsOf(property)?.['$ref'];
    const schema = typeof reference === 'string' ? valueAt(this.#document, fromPointer(reference.slice(1))) : property;
    return fieldsOf(schema)?.['writeOnly'] === true;
  }

  #compile(pointer: string): ValidateFunction {
    const known = this.#compiled.get(pointer);
    if (known) return known;
    const fragment = pointer.split('/').map(encodeURIComponent).join('/');
    try {
      this.#ajv ??= makeAjv(this.#document);
      const validate = this.#ajv.compile({ $ref: `spec:#${fragment}` });
      this.#compiled.set(pointer, validate);
      return validate;
    } catch (cause) {
      throw new Problem(
        {
          code: 'spec_invalid',
          what: 'This schema of the specification cannot be used.',
          where: `#${pointer}`,
          facts: { reason: messageOf(cause) },
          remedy: 'Correct in the specification what the reason names.',
        },
        { cause },
      );
    }
  }
}

function makeAjv(document: Document): Ajv2020 {
  // A specification may have keywords and formats that Ajv does not know.
  const ajv = new Ajv2020({ strict: false, allErrors: true, verbose: true, logger: false, validateSchema: false });
  addFormats.default(ajv);
  const schemas = document.openapi.startsWith('3.0') ? toJsonSchema2020(document) : document;
  ajv.addSchema(schemas, 'spec:');
  return ajv;
}

/** A copy of an OpenAPI 3.0 document whose schemas mean the same in JSON Schema 2020-12. */
export function toJsonSchema2020(document: object): object {
  return mapValues(toKeywords2020(document), convert);
}

function convert(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(convert);
  return typeof value === 'object' && value !== null ? toJsonSchema2020(value) : value;
}

export interface Violation {
  /** Where in the value, as a JSON path (RFC 9535): `$[3].name`. */
  path: string;
  steps: string[];
  expected: string;
  found: string;
  keyword: string;
}

export function describeViolation(error: ErrorObject): Violation {
  const steps = fromPointer(error.instancePath);
  const { keyword } = error;
  const { missingProperty, additionalProperty }: Record<string, unknown> = error.params;
  if (error.keyword === 'required') {
    const path = toJsonPath([...steps, String(missingProperty)]);
    return { path, steps, expected: 'to be present', found: 'nothing', keyword };
  }
  if (error.keyword === 'additionalProperties') {
    // The value is not shown, since it may be a secret.
    const surplus = [...steps, String(additionalProperty)];
    return { path: toJsonPath(surplus), steps: surplus, expected: 'no such property', found: 'one', keyword };
  }
  return { path: toJsonPath(steps), steps, expected: expectation(error), found: show(error.data), keyword };
}

function expectation({ keyword, params, message }: ErrorObject): string {
  const list = (values: unknown): string => [values].flat().map(String).join(' or ');
  switch (keyword) {
    case 'type':
      return list(params['type']);
    case 'format':
      return `a string of format ${String(params['format'])}`;
    case 'enum':
      return `one of ${JSON.stringify(params['allowedValues'])}`;
    case 'const':
      return JSON.stringify(params['allowedValue']);
    default:
      return (message ?? keyword).replace(/^must /, 'to ');
  }
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
