// To compile OpenAPI's own schemas takes longer than everything else that happens before the mock listens, so the build
// puts code compiled beforehand in place of this module (scripts/precompile-schemas.ts).
import addFormats from 'ajv-formats';
import Ajv04 from 'ajv-draft-04';
import type { CodeOptions, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { OpenApiDocument } from '../document.ts';

type Check = ValidateFunction<OpenApiDocument>;

const compiled: Partial<Record<string, Promise<Check>>> = {};

export async function officialCheck(version: '3.0' | '3.1'): Promise<Check> {
  compiled[version] ??= compileOfficial(version).then(({ check }) => check);
  return compiled[version];
}

/** @param code how Ajv writes the code that it makes of the schema. */
export async function compileOfficial(
  version: '3.0' | '3.1',
  code: CodeOptions = {},
): Promise<{ ajv: Ajv2020 | Ajv04.default; check: Check }> {
  const options = { strict: false, validateSchema: false, allErrors: true, code };
  const ajv = version === '3.0' ? new Ajv04.default(options) : new Ajv2020(options);
  addFormats.default(ajv);
  // A format of the 3.1 schema that no standard defines for JSON Schema; Ajv would warn of it.
  ajv.addFormat('media-range', true);
  const { default: schema } =
    version === '3.0'
      ? await import('./official/3.0.json', { with: { type: 'json' } })
      : await import('./official/3.1.json', { with: { type: 'json' } });
  return { ajv, check: ajv.compile<OpenApiDocument>(schema) };
}
