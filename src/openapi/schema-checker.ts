import type { ErrorObject, ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { callRef } from 'ajv/dist/vocabularies/core/ref.js';
import { messageOf, Problem } from '../util/errors.ts';
import { fieldsOf, fromPointer, toJsonPath, toPointer, valueAt, type Fields } from '../util/json.ts';
import { toKeywords2020 } from './schema.ts';
import { mapParts } from './structure.ts';

type Document = { readonly openapi: string };

export class SchemaChecker {
  readonly #document: Document;
  readonly #ajvs = new Map<boolean, Ajv2020>();
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
    return wrong.filter((error) => part === undefined || !this.#lacks('writeOnly', error)).map(describeViolation);
  }

  /**
   * What Ajv says of a value in a request, which need not have a required property that is `readOnly`.
   * @param asTexts whether the texts in the value may stand for numbers, booleans and null; it is changed then.
   * @throws Problem as `check()` does.
   */
  checkRequest(steps: readonly string[], value: unknown, asTexts: boolean): ErrorObject[] {
    const validate = this.#compile(toPointer(steps), asTexts);
    // Ajv can only replace a value that is in another one.
    if (validate(asTexts ? [value] : value)) return [];
    return (validate.errors ?? [])
      .filter((error) => !this.#lacks('readOnly', error))
      .map((error) => (asTexts ? { ...error, instancePath: error.instancePath.slice('/0'.length) } : error));
  }

  #lacks(mark: 'readOnly' | 'writeOnly', { keyword, params, parentSchema }: ErrorObject): boolean {
    if (keyword !== 'required') return false;
    const property = valueAt(parentSchema, ['properties', String(params['missingProperty'])]);
    const reference = fieldsOf(property)?.['$ref'];
    const schema = typeof reference === 'string' ? valueAt(this.#document, fromPointer(reference.slice(1))) : property;
    return fieldsOf(schema)?.[mark] === true;
  }

  #compile(pointer: string, asTexts = false): ValidateFunction {
    const key = asTexts ? `${pointer} as texts` : pointer;
    const known = this.#compiled.get(key);
    if (known) return known;
    const fragment = pointer.split('/').map(encodeURIComponent).join('/');
    const ajv = this.#ajvs.get(asTexts) ?? lazyAjv(this.#document, asTexts);
    this.#ajvs.set(asTexts, ajv);
    const schema = { $ref: `#${fragment}` };
    const validate = ajv.compile(asTexts ? { items: schema } : schema);
    this.#compiled.set(key, validate);
    return validate;
  }
}

/** An Ajv for schemas that refer to others of a document: it compiles each of those when a value first meets it. */
export function lazyAjv(document: Document, coerceTypes = false): Ajv2020 {
  // A specification may have keywords and formats that Ajv does not know.
  const lenient = { strict: false, logger: false, validateSchema: false } as const;
  const ajv = new Ajv2020({ ...lenient, coerceTypes, allErrors: true, verbose: true });
  addFormats.default(ajv);
  const references = new Map<string, DataValidateFunction>();
  ajv.removeKeyword('$ref');
  ajv.addKeyword({
    keyword: '$ref',
    schemaType: 'string',
    code: (context) => {
      const reference = String(context.schema);
      const validate = references.get(reference) ?? whenMet(() => compileAt(ajv, document, reference));
      references.set(reference, validate);
      callRef(context, context.gen.scopeValue('validate', { ref: validate }));
    },
  });
  return ajv;
}

/** A function as Ajv compiles it: what it finds stands on the function itself. */
type DataValidateFunction = ((...call: Parameters<ValidateFunction>) => boolean) &
  Pick<ValidateFunction, 'errors' | 'evaluated'>;

function whenMet(compile: () => ValidateFunction): DataValidateFunction {
  let compiled: ValidateFunction | undefined;
  const validate: DataValidateFunction = (data, place) => {
    compiled ??= compile();
    const isValid = compiled(data, place);
    validate.errors = compiled.errors ?? null;
    if (compiled.evaluated) validate.evaluated = compiled.evaluated;
    return isValid;
  };
  return validate;
}

/** @throws Problem if what stands there is no valid JSON Schema. */
function compileAt(ajv: Ajv2020, document: Document, reference: string): ValidateFunction {
  try {
    const schema = valueAt(document, fromPointer(reference.slice(1)));
    if (schema === undefined) throw new Error('Nothing stands there.');
    if (typeof schema === 'boolean') return ajv.compile(schema);
    return ajv.compile(alone(fieldsOf(schema) ?? {}, document.openapi.startsWith('3.0')));
  } catch (cause) {
    throw new Problem(
      {
        code: 'spec_invalid',
        what: 'This schema of the specification cannot be used.',
        where: reference,
        facts: { reason: messageOf(cause) },
        remedy: 'Correct in the specification what the reason names.',
      },
      { cause },
    );
  }
}

/** A schema in JSON Schema 2020-12 without its data and names, which Ajv would have stand in it and in no other one. */
function alone(schema: object, isOld: boolean): Fields {
  const {
    $id: _,
    $schema: _schema,
    example: _example,
    examples: _examples,
    ...own
  }: Fields = isOld ? toKeywords2020(schema) : { ...schema };
  return mapParts(own, 'schemas', ({ value }) => alone(value, isOld));
}

export interface Violation {
  /** Where in the value, as a JSON path (RFC 9535): `$[3].name`. */
  path: string;
  steps: string[];
  expected: string;
  found: string;
  keyword: string;
  /** The property that should be there. */
  missing?: string;
}

export function describeViolation(error: ErrorObject): Violation {
  const steps = fromPointer(error.instancePath);
  const { keyword } = error;
  const { missingProperty, additionalProperty }: Record<string, unknown> = error.params;
  if (error.keyword === 'required') {
    const missing = String(missingProperty);
    const path = toJsonPath([...steps, missing]);
    return { path, steps, expected: 'to be present', found: 'nothing', keyword, missing };
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
