import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { toJsonSchema2020 } from '../spec/dialect.ts';
import type { OpenApiDocument } from './document.ts';
import { toPointer } from '../util/json.ts';
import { Problem } from '../util/errors.ts';
import { messageOf } from '../spec/thrown.ts';
import { describeViolation, type Violation } from '../spec/violation.ts';

/** Checks values against the schemas of one OpenAPI document, in the dialect of its version. */
export class SchemaChecker {
  readonly #document: OpenApiDocument;
  #ajv: Ajv2020 | undefined;
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(document: OpenApiDocument) {
    this.#document = document;
  }

  /**
   * What is wrong with a value by the schema at a place of the document; empty where nothing is.
   * @param steps the keys that lead to the schema, with no reference on the way (see `follow`).
   * @throws Problem if the schema is no valid JSON Schema, which the official schema of OpenAPI 3.1 does not look at.
   */
  check(steps: readonly string[], value: unknown): Violation[] {
    const validate = this.#compile(toPointer(steps));
    return validate(value) ? [] : (validate.errors ?? []).filter(isTelling).map(describeViolation);
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

function makeAjv(document: OpenApiDocument): Ajv2020 {
  // A schema of somebody else's specification may hold keywords and formats that Ajv does not know.
  const ajv = new Ajv2020({ strict: false, allErrors: true, verbose: true, logger: false, validateSchema: false });
  addFormats.default(ajv);
  const schemas = document.openapi.startsWith('3.0') ? toJsonSchema2020(document) : document;
  ajv.addSchema(schemas, 'spec:');
  return ajv;
}

/** Of `anyOf` and its kin only the parts say what was expected. */
function isTelling({ keyword }: ErrorObject): boolean {
  return keyword !== 'if';
}
