import type { OpenApiDocument } from '../../../openapi/document.ts';
import { follow } from '../../../openapi/look-up.ts';
import { SchemaChecker, toJsonSchema2020 } from '../../../openapi/schema-checker.ts';
import { toPointer, valueAt } from '../../../util/json.ts';

/** The keys that lead to a schema of the document. */
export type Steps = readonly string[];

/** Schemas that a value must keep all at once; none of them: anything may stand there. */
export type Conjunction = readonly Steps[];

/** The schemas of one document: what they say, and whether a value keeps them. */
export class Schemas {
  /** The document in the dialect of JSON Schema 2020-12; its places are those of the document. */
  readonly #document: OpenApiDocument;
  /** Whether what stands beside a `$ref` counts, as it does from OpenAPI 3.1 on. */
  readonly siblings: boolean;
  readonly #checker: SchemaChecker;

  constructor(document: OpenApiDocument) {
    const old = document.openapi.startsWith('3.0');
    this.#document = old ? toJsonSchema2020(document) : document;
    this.siblings = !old;
    this.#checker = new SchemaChecker(document);
  }

  at(steps: Steps): unknown {
    return valueAt(this.#document, steps);
  }

  /** The place itself, with no reference on the way to it. */
  resolve(steps: Steps): string[] {
    return follow(this.#document, steps);
  }

  /** The place that a reference leads to. */
  target(reference: string): string[] {
    return follow(this.#document, fromFragment(reference));
  }

  /** Whether a value keeps all the schemas; undefined where one of them cannot be used. */
  allows(schemas: Conjunction, value: unknown): boolean | undefined {
    try {
      return schemas.every((steps) => this.#checker.check(this.resolve(steps), value).length === 0);
    } catch {
      return undefined;
    }
  }

  /** What is wrong with a value, where first and in words; `unusable` where the schema cannot be used. */
  complaint(steps: Steps, value: unknown): { path: string; words: string } | 'unusable' | undefined {
    try {
      const [first] = this.#checker.check(this.resolve(steps), value);
      return first && { path: first.path, words: `${first.expected} was expected, ${first.found} found` };
    } catch {
      return 'unusable';
    }
  }
}

function fromFragment(reference: string): string[] {
  return reference
    .replace(/^#/, '')
    .split('/')
    .slice(1)
    .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A conjunction as one text, by which it is known again. */
export function keyOfConjunction(schemas: Conjunction): string {
  return schemas.map(toPointer).toSorted().join(' ');
}
