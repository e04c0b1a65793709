import type { ErrorObject } from 'ajv';
import type { OpenApiDocument } from '../document.ts';
import { fromPointer, valueAt } from '../../util/json.ts';
import { officialCheck } from './official-schemas.ts';
import { Problem } from '../../util/errors.ts';
import type { YamlFile } from '../../util/yaml-file.ts';

/** Keywords whose errors only say that one of their parts failed. */
const collective = new Set(['if', 'oneOf', 'anyOf', 'allOf', '$ref', 'unevaluatedProperties']);

/**
 * Checks a value against the official JSON Schema of its OpenAPI version.
 * @throws Problem naming the deepest place that the schema refuses; RangeError if the value is nested too deeply.
 */
export async function validateDocument(
  value: unknown,
  name: string,
  yaml: Pick<YamlFile, 'locate'>,
): Promise<OpenApiDocument> {
  const version = valueAt(value, ['openapi']);
  const check = await officialCheck(String(version).startsWith('3.0') ? '3.0' : '3.1');
  if (check(value)) return value;
  const errors = check.errors ?? [];
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
