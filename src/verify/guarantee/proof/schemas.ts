import { follow } from '../../../openapi/look-up.ts';
import type { MessageKind } from '../../../openapi/values/message.ts';
import { describeViolation, SchemaChecker, type Violation } from '../../../openapi/schema-checker.ts';
import { SchemaReader, type Conjunction, type Steps } from '../../../openapi/schema.ts';
import type { OpenApiDocument } from '../../../openapi/document.ts';

/** The schemas of a document, for values of requests or of answers. */
export class Schemas extends SchemaReader {
  readonly #checker: SchemaChecker;
  readonly #message: MessageKind;

  constructor(document: OpenApiDocument, message: MessageKind = 'answer') {
    super(document, message);
    this.#checker = new SchemaChecker(document);
    this.#message = message;
  }

  place(steps: Steps): string[] {
    return follow(this.document, steps);
  }

  /** Whether a value keeps all the schemas; undefined where one of them cannot be used. */
  allows(schemas: Conjunction, value: unknown): boolean | undefined {
    try {
      return schemas.every((steps) => this.#checker.check(this.at(steps), value, this.#message).length === 0);
    } catch {
      return undefined;
    }
  }

  /** What is wrong with a value, where first and in words; `unusable` where the schema cannot be used. */
  complaint(steps: Steps, value: unknown): Complaint {
    return complaintOf(() => this.#checker.check(this.at(steps), value, this.#message));
  }

  /** The same for a value of a request whose texts may stand for numbers, booleans and null. */
  complaintOfTexts(steps: Steps, value: unknown): Complaint {
    const asTexts = this.complaint(steps, value);
    if (asTexts === undefined || hasOddNumber(value)) return asTexts;
    return complaintOf(() =>
      this.#checker.checkRequest(this.at(steps), structuredClone(value), true).map(describeViolation),
    );
  }
}

export type Complaint = { path: string; words: string } | 'unusable' | undefined;

function complaintOf(check: () => Violation[]): Complaint {
  try {
    const [first] = check();
    return first && { path: first.path, words: `${first.expected} was expected, ${first.found} found` };
  } catch {
    return 'unusable';
  }
}

/** Whether a text would be taken for a number that is none in JSON, such as `0x10` and ` 1`. */
function hasOddNumber(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(hasOddNumber);
  if (typeof value !== 'string' || value === '') return false;
  return !Number.isNaN(Number(value)) && !/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value);
}
