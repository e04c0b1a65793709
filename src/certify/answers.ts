import type { Api } from '../openapi/api.ts';
import type { Operation } from '../openapi/operations.ts';
import { successSchema } from '../openapi/responses.ts';
import { SchemaReader, type Conjunction } from '../openapi/schema.ts';
import { mapValues } from '../openapi/structure.ts';
import { TextValues } from '../openapi/values/text-values.ts';
import { isFields, isList } from '../util/json.ts';

/** A change of an answer that its document may allow. */
export type AnswerChange = 'unknown fields' | 'nulls' | 'empty list' | 'many items' | 'every script' | 'other order';

/** Of a large account. */
const many = 200;

/** Names with what breaks programs: accents, apostrophes, combining marks, other scripts and directions, emoji. */
const names = [
  "Dr. Noémie D'Àngelo-Müller",
  'Dr. Żółć Łukasz',
  'Доктор Юрій Щербак',
  'د. محمد العربي',
  'ד״ר שרה כהן',
  '山田 太郎 医師',
  'डॉ. अनिल शर्मा',
  'Dr. e\u0301 (combined)',
  'Dr. 𠮷野 👩‍⚕️',
  'Dr. <b>"&amp;" \\ %41 \' ; --',
];

/**
 * An answer that the document allows in place of the usual one.
 * @returns undefined where the document does not allow such an answer, or there is no difference.
 */
export function changedAnswer(api: Api, operation: Operation, body: unknown, change: AnswerChange): unknown {
  const schema = successSchema(api.document, operation, operation.usualStatus);
  if (!schema) return undefined;
  const answers = new Changer(api, schema);
  const changed = answers.change(body, change);
  const isSame = JSON.stringify(changed) === JSON.stringify(body);
  return isSame || !answers.isValid(changed) ? undefined : changed;
}

/** All texts in a value that are no URL, in their order: what a program may show. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? [] : [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

class Changer {
  readonly #api: Api;
  readonly #schema: Conjunction[number];
  readonly #texts: TextValues;

  constructor(api: Api, schema: Conjunction[number]) {
    this.#api = api;
    this.#schema = schema;
    this.#texts = new TextValues(new SchemaReader(api.document));
  }

  isValid(body: unknown): boolean {
    return this.#api.schemas.check(this.#schema, body, 'answer').length === 0;
  }

  change(body: unknown, change: AnswerChange): unknown {
    switch (change) {
      case 'unknown fields':
        return this.#withFields(body, [this.#schema]);
      case 'nulls':
        return this.#withNulls(body, [this.#schema]);
      case 'empty list':
        return atList(body, () => []);
      case 'many items':
        return atList(body, (items) => Array.from({ length: many }, (_, index) => numbered(items, index)));
      case 'every script':
        return this.#withNames(body);
      case 'other order':
        return atList(body, (items) => items.toReversed());
    }
  }

  /** A field more in each object that may have one. */
  #withFields(value: unknown, schema: Conjunction): unknown {
    if (isList(value)) return value.map((each) => this.#withFields(each, this.#texts.item(schema)));
    if (!isFields(value)) return value;
    const inner = mapValues(value, (each, name) => this.#withFields(each, this.#texts.property(schema, name)));
    return this.#texts.allows(schema, added) ? { ...inner, [added]: { since: 'a later version' } } : inner;
  }

  #withNulls(value: unknown, schema: Conjunction): unknown {
    if (schema.length > 0 && this.#texts.types(schema).has('null')) return null;
    if (isList(value)) return value.map((each) => this.#withNulls(each, this.#texts.item(schema)));
    if (!isFields(value)) return value;
    return mapValues(value, (each, name) => this.#withNulls(each, this.#texts.property(schema, name)));
  }

  /** Each text replaced by a name as far as the answer stays valid. */
  #withNames(body: unknown): unknown {
    let used = 0;
    let changed = body;
    for (const steps of placesOfTexts(body)) {
      const name = names[used % names.length] ?? '';
      const next = replaced(changed, steps, name);
      if (!this.isValid(next)) continue;
      changed = next;
      used += 1;
    }
    return changed;
  }
}

const added = 'addedInALaterVersion';

/** The value with its list changed: itself, or the first one in its properties. */
function atList(value: unknown, change: (items: unknown[]) => unknown[]): unknown {
  if (isList(value)) return change(value);
  if (!isFields(value)) return value;
  const name = Object.keys(value).find((each) => isList(value[each]));
  return name === undefined ? value : { ...value, [name]: atList(value[name], change) };
}

/** An item like one of a list; its texts that are no URL have its number. */
function numbered(items: readonly unknown[], index: number): unknown {
  const item = items[index % items.length];
  const number = (value: unknown): unknown => {
    if (typeof value === 'string') return textsIn(value).length > 0 ? `${value} ${index + 1}` : value;
    return isFields(value) ? mapValues(value, number) : value;
  };
  return number(item);
}

function placesOfTexts(value: unknown, steps: readonly string[] = []): (readonly string[])[] {
  if (typeof value === 'string') return textsIn(value).length > 0 ? [steps] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => placesOfTexts(each, [...steps, name]));
}

function replaced(value: unknown, [step, ...rest]: readonly string[], text: string): unknown {
  if (step === undefined) return text;
  if (isList(value)) return value.map((each, index) => (String(index) === step ? replaced(each, rest, text) : each));
  return isFields(value) ? { ...value, [step]: replaced(value[step], rest, text) } : value;
}
