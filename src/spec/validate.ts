import { Validator } from '@seriousme/openapi-schema-validator';
import type { ErrorObject } from 'ajv';
import type { OpenApiDocument } from './document.ts';
import { fromPointer } from './json-pointer.ts';
import { Problem } from './problem.ts';
import type { YamlFile } from './yaml-file.ts';

/** Keywords that say only that one of their parts failed. */
const collective = new Set(['if', 'oneOf', 'anyOf', 'allOf', '$ref', 'unevaluatedProperties']);

// It compiles the schema of a version the first time that it meets one, which takes much longer than to check a document.
const validator = new Validator({ validateSchema: false });

const noError: ErrorObject = { keyword: '', instancePath: '', schemaPath: '', params: {} };

/**
 * Checks a value against the official JSON Schema of its OpenAPI version.
 * @throws Problem naming the deepest place that the schema refuses; RangeError if the value is nested too deeply.
 */
export async function validateDocument(
  value: unknown,
  name: string,
  yaml: Pick<YamlFile, 'locate'>,
): Promise<OpenApiDocument> {
  const { valid, errors = [] } = await validator.validate({ ...Object(value) });
  if (typeof errors === 'string' && errors.includes('call stack')) throw new RangeError(errors);
  // The schema has been passed where the errors are a text: that of a reference in what is data, an example perhaps.
  const passed = valid || (typeof errors === 'string' && errors.startsWith("Can't resolve"));
  const found = typeof errors === 'string' ? [{ ...noError, message: errors }] : errors;
  assertOpenApi(value, passed, name, yaml, found);
  return value;
}

/** The one place where a value becomes an `OpenApiDocument`: the official schema has accepted it. */
function assertOpenApi(
  value: unknown,
  valid: boolean,
  name: string,
  yaml: Pick<YamlFile, 'locate'>,
  errors: ErrorObject[],
): asserts value is OpenApiDocument {
  if (valid) return;
  const telling = errors.filter(({ keyword }) => !collective.has(keyword));
  const [worst] = (telling.length > 0 ? telling : errors).toSorted((a, b) => depth(b) - depth(a));
  const path = worst?.instancePath ?? '';
  throw new Problem({
    code: 'spec_invalid',
    what: 'The specification is not valid OpenAPI.',
    where: path === '' ? name : yaml.locate(fromPointer(path)),
    facts: { at: path === '' ? '/' : path, reason: worst?.message },
    remedy: 'Correct the file at this place.',
  });
}

function depth({ instancePath }: ErrorObject): number {
  return instancePath.split('/').length;
}
