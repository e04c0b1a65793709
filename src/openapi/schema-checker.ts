import { _, Name, str, type ErrorObject, type KeywordCxt, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { getSchemaTypes } from 'ajv/dist/compile/validate/dataType.js';
import { callRef } from 'ajv/dist/vocabularies/core/ref.js';
import uniqueItems from 'ajv/dist/vocabularies/validation/uniqueItems.js';
import { isMultipleOf } from '../util/decimal.ts';
import { messageOf, Problem, shorten } from '../util/errors.ts';
import { compilePattern } from '../util/regex/match-text.ts';
import { fieldsOf, fromPointer, isList, toJsonPath, toPointer, valueAt, type Fields } from '../util/json.ts';
import { canonical } from './schema.ts';
import { hiddenNames, type MessageKind } from './values/message.ts';
import { toKeywords2020 } from './load/keywords.ts';
import { mapParts } from './structure.ts';

type Document = { readonly openapi: string };

export class SchemaChecker {
  readonly #document: Document;
  readonly #ajvs = new Map<string, Ajv2020>();
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(document: Document) {
    this.#document = document;
  }

  /**
   * What is wrong with a value by the schema at a place of the document; empty where nothing is.
   * @param steps the keys that lead to the schema, with no reference on the way (see `follow`).
   * @param message what the value is of: it need not have a required property that has no place in it.
   * @throws Problem if the schema is no valid JSON Schema, which the official schema of OpenAPI 3.1 does not look at.
   */
  check(steps: readonly string[], value: unknown, message?: MessageKind): Violation[] {
    const validate = this.#compile(toPointer(steps), message);
    if (validate(value)) return [];
    return (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if').map(describeViolation);
  }

  /**
   * What Ajv says of a value in a request.
   * Of a large value it is the first mistake alone.
   * @param asTexts whether the texts in the value may stand for numbers, booleans and null; it is changed then.
   * @throws Problem as `check()` does.
   */
  checkRequest(steps: readonly string[], value: unknown, asTexts: boolean): ErrorObject[] {
    const validate = this.#compile(toPointer(steps), 'request', { asTexts, firstOnly: isLarge(value) });
    // Ajv can only replace a value that is in another one.
    if (validate(asTexts ? [value] : value)) return [];
    const errors = validate.errors ?? [];
    return asTexts
      ? errors.map((error) => ({ ...error, instancePath: error.instancePath.slice('/0'.length) }))
      : errors;
  }

  #compile(
    pointer: string,
    message: MessageKind | undefined,
    { asTexts = false, firstOnly = false } = {},
  ): ValidateFunction {
    const kind = `${message ?? ''} ${asTexts} ${firstOnly}`;
    const key = `${kind} ${pointer}`;
    const known = this.#compiled.get(key);
    if (known) return known;
    const fragment = pointer.split('/').map(encodeURIComponent).join('/');
    const ajv =
      this.#ajvs.get(kind) ?? lazyAjv(this.#document, { coerceTypes: asTexts, allErrors: !firstOnly }, message);
    this.#ajvs.set(kind, ajv);
    const schema = { $ref: `#${fragment}` };
    const validate = ajv.compile(asTexts ? { items: schema } : schema);
    this.#compiled.set(key, validate);
    return validate;
  }
}

/** Ajv names the code for modules of its own, which are not made here. */
const regExp = Object.assign(compilePattern, { code: '' });

/** An Ajv for schemas that refer to others of a document: it compiles each of those when a value first meets it. */
export function lazyAjv(
  document: Document,
  { coerceTypes = false, allErrors = true } = {},
  message?: MessageKind,
): Ajv2020 {
  // A specification may have keywords and formats that Ajv does not know.
  const lenient = { strict: false, logger: false, validateSchema: false } as const;
  const ajv = new Ajv2020({ ...lenient, coerceTypes, allErrors, verbose: true, code: { regExp } });
  addFormats.default(ajv);
  for (const [name, format] of Object.entries(ajv.formats)) {
    if (format instanceof RegExp)
      ajv.addFormat(name, (text: string) => compilePattern(format.source, format.flags).test(text));
  }
  // As RFC 4122 has it, without the form of a URN.
  ajv.addFormat('uuid', /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i);
  ajv.removeKeyword('multipleOf');
  ajv.addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    errors: false,
    validate: (step: number, value: number) => isMultipleOf(value, step),
    error: {
      message: ({ schemaCode }) => str`must be multiple of ${schemaCode}`,
      params: ({ schemaCode }) => _`{multipleOf: ${schemaCode}}`,
    },
  });
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({ ...uniqueItems.default, code: writeUniqueItems });
  const references = new Map<string, DataValidateFunction>();
  const memory: Memory = { depth: 0, known: new Map() };
  ajv.removeKeyword('$ref');
  ajv.addKeyword({
    keyword: '$ref',
    schemaType: 'string',
    code: (context) => {
      const reference = String(context.schema);
      const validate =
        references.get(reference) ?? whenMet(() => compileAt(ajv, document, reference, message), reference, memory);
      references.set(reference, validate);
      callRef(context, context.gen.scopeValue('validate', { ref: validate }));
      const { gen, it } = context;
      // Ajv leaves the variable without a value where the reference is not met, and other keywords add to it.
      if (it.props instanceof Name) gen.assign(it.props, _`${it.props} || {}`);
    },
  });
  return ajv;
}

/** Items that may be objects Ajv compares each with each, which takes minutes for the items of a megabyte. */
function writeUniqueItems(context: KeywordCxt): void {
  const { gen, data, parentSchema } = context;
  const types = getSchemaTypes(fieldsOf(parentSchema['items']) ?? {});
  const areScalars = types.length > 0 && !types.some((type) => type === 'object' || type === 'array');
  if (areScalars || parentSchema['uniqueItems'] !== true) return uniqueItems.default.code(context);
  const same = gen.const('same', _`${gen.scopeValue('func', { ref: findSame })}(${data})`);
  context.setParams({ i: _`${same}[0]`, j: _`${same}[1]` });
  return context.fail(_`${same}.length > 0`);
}

/** The last item that is the same as one before, and that one. */
function findSame(items: readonly unknown[]): number[] {
  const seen = new Map<string, number>();
  let found: number[] = [];
  for (const [index, item] of items.entries()) {
    const key = canonical(item);
    const before = seen.get(key);
    if (before !== undefined) found = [index, before];
    seen.set(key, index);
  }
  return found;
}

const largest = 10_000;

/** Whether a value has more parts than could each be told of. */
function isLarge(value: unknown): boolean {
  let parts = 0;
  const ahead = [value];
  for (const each of ahead) {
    if (typeof each !== 'object' || each === null) continue;
    const below: unknown[] = Object.values(each);
    parts += below.length;
    if (parts > largest) return true;
    for (const one of below) ahead.push(one);
  }
  return false;
}

/** A function as Ajv compiles it: what it finds stands on the function itself. */
type DataValidateFunction = ((...call: Parameters<ValidateFunction>) => boolean) &
  Pick<ValidateFunction, 'errors' | 'evaluated'>;

/** What is found while one value is checked, which alternatives with the same references ask for again and again. */
interface Memory {
  depth: number;
  known: Map<string, { data: unknown; isValid: boolean } & Pick<DataValidateFunction, 'errors' | 'evaluated'>>;
}

/** More errors than these of one schema are not told: alternatives of alternatives may have any number. */
const mostErrors = 200;

function whenMet(compile: () => ValidateFunction, reference: string, memory: Memory): DataValidateFunction {
  let compiled: ValidateFunction | undefined;
  const validate: DataValidateFunction = (data, place) => {
    compiled ??= compile();
    const key = `${reference}\n${place?.instancePath ?? ''}`;
    const known = memory.known.get(key);
    const isSame = known && Object.is(known.data, data) && Object.keys(place?.dynamicAnchors ?? {}).length === 0;
    let found = isSame ? known : undefined;
    if (!found) {
      memory.depth += 1;
      try {
        const isValid = compiled(data, place);
        const errors = compiled.errors?.slice(0, mostErrors) ?? null;
        found = { data, isValid, errors, ...(compiled.evaluated ? { evaluated: { ...compiled.evaluated } } : {}) };
      } finally {
        memory.depth -= 1;
        if (memory.depth === 0) memory.known.clear();
      }
      if (memory.depth > 0) memory.known.set(key, found);
    }
    validate.errors = found.errors ?? null;
    validate.evaluated = evaluatedBy(found.evaluated);
    return found.isValid;
  };
  return validate;
}

/** A copy, since Ajv adds to what a reference has evaluated, and never nothing, which it cannot add to. */
function evaluatedBy(found: DataValidateFunction['evaluated']): NonNullable<DataValidateFunction['evaluated']> {
  const { props = {}, items = 0, dynamicProps = false, dynamicItems = false } = found ?? {};
  return { props: props === true ? props : { ...props }, items, dynamicProps, dynamicItems };
}

/**
 * @param reference a JSON pointer, and after it the names that the schemas around have hidden from a message.
 * @throws Problem if what stands there is no valid JSON Schema.
 */
function compileAt(ajv: Ajv2020, document: Document, reference: string, message?: MessageKind): ValidateFunction {
  const [pointer = '', ...hidden] = reference.split(separator);
  try {
    const schema = valueAt(document, fromPointer(pointer.slice(1)));
    if (schema === undefined) throw new Error('Nothing stands there.');
    if (typeof schema === 'boolean') return ajv.compile(schema);
    return ajv.compile(alone(schema, { document, message }, new Set(hidden)));
  } catch (cause) {
    throw new Problem(
      {
        code: 'spec_invalid',
        what: 'This schema of the specification cannot be used.',
        where: pointer,
        facts: { reason: messageOf(cause) },
        remedy: 'Correct in the specification what the reason names.',
      },
      { cause },
    );
  }
}

const separator = '\0';
/** Keywords whose schemas are for the same value. */
const inPlace = new Set(['allOf', 'anyOf', 'oneOf', 'if', 'then', 'else', 'not']);

/**
 * A schema in JSON Schema 2020-12 without its data and names, which Ajv would have stand in it and in no other one.
 * @param around the names that are hidden from the message by schemas around, for the same value.
 */
function alone(
  schema: unknown,
  of: { document: Document; message: MessageKind | undefined },
  around: ReadonlySet<string>,
): Fields {
  const fields = fieldsOf(schema) ?? {};
  const {
    $id: _id,
    $schema: _schema,
    example: _example,
    examples: _examples,
    ...own
  }: Fields = of.document.openapi.startsWith('3.0') ? toKeywords2020(fields) : { ...fields };
  const hidden = new Set(around);
  if (of.message) for (const name of hiddenNames(of.document, own, of.message)) hidden.add(name);
  if (hidden.size > 0) {
    const { $ref, required } = own;
    if (typeof $ref === 'string') own['$ref'] = [$ref, ...[...hidden].toSorted()].join(separator);
    if (isList(required)) own['required'] = required.filter((name) => !hidden.has(String(name)));
  }
  return mapParts(own, 'schemas', ({ value, path: [keyword = ''] }) =>
    alone(value, of, inPlace.has(keyword) ? hidden : none),
  );
}

const none: ReadonlySet<string> = new Set();

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
      return `one of ${shorten(JSON.stringify(params['allowedValues']), 2000)}`;
    case 'const':
      return JSON.stringify(params['allowedValue']);
    default:
      return (message ?? keyword).replace(/^must /, 'to ');
  }
}

function show(value: unknown): string {
  return shorten(JSON.stringify(value) ?? 'nothing', 80);
}
