import { follow } from '../../../openapi/look-up.ts';
import { SchemaChecker } from '../../../openapi/schema-checker.ts';
import { SchemaReader, type Conjunction, type Steps } from '../../../openapi/schema.ts';
import type { OpenApiDocument } from '../../../openapi/document.ts';

export class Schemas extends SchemaReader {
  readonly #checker: SchemaChecker;

  constructor(document: OpenApiDocument) {
    super(document);
    this.#checker = new SchemaChecker(document);
  }

  place(steps: Steps): string[] {
    return follow(this.document, steps);
  }

  /** Whether a value keeps all the schemas; undefined where one of them cannot be used. */
  allows(schemas: Conjunction, value: unknown): boolean | undefined {
    try {
      return schemas.every((steps) => this.#checker.check(this.at(steps), value).length === 0);
    } catch {
      return undefined;
    }
  }

  /** What is wrong with a value, where first and in words; `unusable` where the schema cannot be used. */
  complaint(steps: Steps, value: unknown): { path: string; words: string } | 'unusable' | undefined {
    try {
      const [first] = this.#checker.check(this.at(steps), value);
      return first && { path: first.path, words: `${first.expected} was expected, ${first.found} found` };
    } catch {
      return 'unusable';
    }
  }
}
