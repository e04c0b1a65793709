import type { Api } from '../openapi/api.ts';
import type { Operation } from '../openapi/operations.ts';
import { successSchema } from '../openapi/responses.ts';
import { SchemaReader, type Conjunction } from '../openapi/schema.ts';
import { mapValues } from '../openapi/structure.ts';
import { TextValues } from '../openapi/values/text-values.ts';
import { isFields, isList, parseJson } from '../util/json.ts';

/** A change of an answer that its document may allow, wherever it does. */
export type AnswerChange = 'unknown fields' | 'nulls' | 'empty list' | 'many items' | 'every script' | 'other order';

/** An answer that differs from the usual one in one place. */
export interface ChangedAnswer {
  /** The place and its change, such as `$[*].image: null`. */
  change: string;
  body: unknown;
}

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
  return schema && new Changer(api, schema).change(body, change);
}

/** All answers that differ from the usual one in one place and that the document allows, in a stable order. */
export function changedAnswers(api: Api, operation: Operation, body: unknown): ChangedAnswer[] {
  const schema = successSchema(api.document, operation, operation.usualStatus);
  return schema ? new Changer(api, schema).each(body) : [];
}

/** All texts in a value that are no URL, in their order: what a program may show. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? [] : [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Where a value stands in an answer; that of an item is the same for all items of its list. */
interface Place {
  /** Such as `$[*].image`. */
  path: string;
  steps: readonly string[];
  schema: Conjunction;
  /** Whether it is a property that its object need not have. */
  optional: boolean;
}

const everyItem = '*';
const added = 'addedInALaterVersion';
/** Characters of a text without a documented limit. */
const long = 10_000;

/** What becomes of a value in its place: the value itself where there is no such change; undefined removes it. */
type Edit = (value: unknown, place: Place) => unknown;

class Changer {
  readonly #api: Api;
  readonly #schema: Conjunction[number];
  readonly #texts: TextValues;

  constructor(api: Api, schema: Conjunction[number]) {
    this.#api = api;
    this.#schema = schema;
    this.#texts = new TextValues(new SchemaReader(api.document));
  }

  readonly #edits = {
    'field added': (value, { schema }) =>
      isFields(value) && this.#texts.allows(schema, added)
        ? { ...value, [added]: { since: 'a later version' } }
        : value,
    null: (value, { schema }) => (schema.length > 0 && this.#texts.types(schema).has('null') ? null : value),
    missing: (value, { optional }) => (optional ? undefined : value),
    'other order': (value) => {
      if (isList(value)) return value.toReversed();
      return isFields(value) ? Object.fromEntries(Object.entries(value).toReversed()) : value;
    },
    '200 items': (value) =>
      isList(value) && value.length > 0 ? Array.from({ length: many }, (_, index) => numbered(value, index)) : value,
    'no items': (value) => (isList(value) ? [] : value),
    'longest text': (value, { schema }) =>
      typeof value === 'string'
        ? value.slice(0, 1).padEnd(Math.min(this.#texts.bound(schema, 'maxLength') ?? long, long), 'x')
        : value,
    'text in many scripts': (value) => (typeof value === 'string' ? names.join(' ') : value),
    'empty text': (value) => (typeof value === 'string' ? '' : value),
  } satisfies Record<string, Edit>;

  change(body: unknown, change: AnswerChange): unknown {
    const edits = this.#edits;
    const places = this.#placesIn(body);
    const everywhere = (edit: Edit): unknown => places.reduceRight((all, place) => edited(all, place, edit), body);
    const list = places.find(({ steps }) => isList(valuesAt(body, steps)[0]));
    const atList = (edit: Edit): unknown => (list ? edited(body, list, edit) : body);
    const changed = {
      'unknown fields': () => everywhere(edits['field added']),
      nulls: () => everywhere(edits.null),
      'empty list': () => atList(edits['no items']),
      'many items': () => atList(edits['200 items']),
      'every script': () => this.#withNames(body),
      'other order': () => atList(edits['other order']),
    }[change]();
    return this.#differs(changed, body) ? changed : undefined;
  }

  each(body: unknown): ChangedAnswer[] {
    const places = this.#placesIn(body);
    return Object.entries(this.#edits).flatMap(([name, edit]) =>
      places.flatMap((place) => {
        const changed = edited(body, place, edit);
        return this.#differs(changed, body) ? [{ change: `${place.path}: ${name}`, body: changed }] : [];
      }),
    );
  }

  #differs(changed: unknown, body: unknown): boolean {
    return JSON.stringify(changed) !== JSON.stringify(body) && this.#isValid(changed);
  }

  #isValid(body: unknown): boolean {
    return this.#api.schemas.check(this.#schema, body, 'answer').length === 0;
  }

  /** The places of a value, each before those in it. */
  #placesIn(body: unknown): Place[] {
    const found = new Map<string, Place>();
    const walk = (value: unknown, place: Place): void => {
      const { path, steps, schema } = place;
      if (!found.has(path)) found.set(path, place);
      if (isList(value)) {
        const item = { path: `${path}[*]`, steps: [...steps, everyItem], schema: this.#texts.item(schema) };
        for (const each of value) walk(each, { ...item, optional: false });
      } else if (isFields(value)) {
        for (const [name, each] of Object.entries(value)) {
          const inner = this.#texts.property(schema, name);
          const optional = !this.#texts.requires(schema, name);
          walk(each, { path: `${path}.${name}`, steps: [...steps, name], schema: inner, optional });
        }
      }
    };
    walk(body, { path: '$', steps: [], schema: [this.#schema], optional: false });
    return [...found.values()];
  }

  /** Each text replaced by a name as far as the answer stays valid. */
  #withNames(body: unknown): unknown {
    let used = 0;
    let changed = body;
    for (const steps of placesOfTexts(body)) {
      const next = changedAt(changed, steps, () => names[used % names.length] ?? '');
      if (!this.#isValid(next)) continue;
      changed = next;
      used += 1;
    }
    return changed;
  }
}

function edited(body: unknown, place: Place, edit: Edit): unknown {
  const changed = changedAt(body, place.steps, (value) => edit(value, place));
  // JSON leaves out what is undefined.
  return changed === undefined ? body : parseJson(JSON.stringify(changed));
}

/** The value with what stands at the steps changed; what is not there stays so. */
function changedAt(value: unknown, steps: readonly string[], change: (value: unknown) => unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return change(value);
  if (isList(value)) {
    const isMeant = (index: number): boolean => step === everyItem || step === String(index);
    return value.map((each, index) => (isMeant(index) ? changedAt(each, rest, change) : each));
  }
  return isFields(value) && step in value ? { ...value, [step]: changedAt(value[step], rest, change) } : value;
}

function valuesAt(value: unknown, steps: readonly string[]): unknown[] {
  const values: unknown[] = [];
  changedAt(value, steps, (each) => values.push(each));
  return values;
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
