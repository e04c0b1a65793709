import type { Ajv as AjvCore, ErrorObject, Options, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import AjvDraft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import type { OpenApiDocument } from './document.ts';
import { toPointer } from './json-pointer.ts';
import { describeViolation, type Violation } from './violation.ts';

/** Checks values against the schemas of one OpenAPI document, in the dialect of its version. */
export class SchemaChecker {
  readonly #ajv: AjvCore;
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(document: OpenApiDocument) {
    // A schema of somebody else's specification may hold keywords and formats that Ajv does not know.
    const options: Options = { strict: false, allErrors: true, verbose: true, logger: false, validateSchema: false };
    this.#ajv = document.openapi.startsWith('3.0')
      ? new AjvDraft04.default({ ...options, schemaId: '$id' })
      : new Ajv2020(options);
    addFormats.default(this.#ajv);
    this.#ajv.addSchema({ ...document, $id: 'spec:' }, undefined, undefined, false);
  }

  /**
   * What is wrong with a value by the schema at a place of the document; empty where nothing is.
   * @param steps the keys that lead to the schema, with no reference on the way (see `follow`).
   */
  check(steps: readonly string[], value: unknown): Violation[] {
    const validate = this.#compile(toPointer(steps));
    return validate(value) ? [] : (validate.errors ?? []).filter(isTelling).map(describeViolation);
  }

  #compile(pointer: string): ValidateFunction {
    const known = this.#compiled.get(pointer);
    if (known) return known;
    const fragment = pointer.split('/').map(encodeURIComponent).join('/');
    const validate = this.#ajv.compile({ $ref: `spec:#${fragment}` });
    this.#compiled.set(pointer, validate);
    return validate;
  }
}

/** Of `anyOf` and its kin only the parts say what was expected. */
function isTelling({ keyword }: ErrorObject): boolean {
  return keyword !== 'if';
}
