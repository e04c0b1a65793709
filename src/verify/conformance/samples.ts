import { createHash } from 'node:crypto';
import type { Api } from '../../openapi/api.ts';
import { follow } from '../../openapi/look-up.ts';
import { canonical, type Steps } from '../../openapi/schema.ts';
import { Values } from '../../openapi/values/values.ts';
import { entriesOf, isList, toPointer, valueAt } from '../../util/json.ts';
import { seededRandom } from '../../util/random.ts';

/** Makes the values of requests: the same ones for the same seed. */
export class Samples {
  readonly #api: Api;
  readonly #values: Values;
  readonly #seed: number;

  constructor(api: Api, seed: number) {
    this.#api = api;
    this.#values = new Values(api.document, api.schemas);
    this.#seed = seed;
  }

  /**
   * At most `count` valid values for a schema, the specification's own examples first.
   * @param holder the parameter or media type that has the schema, and perhaps examples.
   */
  valid(holder: Steps, schema: Steps, count: number): unknown[] {
    // Each place has values of its own, whatever else is tried.
    const seed = createHash('sha256')
      .update(`${this.#seed} ${toPointer(schema)}`)
      .digest()
      .readInt32BE();
    const made = this.#values.valid(schema, 'request', count, seededRandom(seed));
    const examples = this.#examples(holder, schema).filter((value) => this.isValid(schema, value));
    const distinct = new Map([...examples, ...made].map((value) => [canonical(value), value]));
    return [...distinct.values()].slice(0, count);
  }

  isValid(schema: Steps, value: unknown): boolean {
    return this.#values.isValid(schema, value, 'request');
  }

  #examples(holder: Steps, schema: Steps): unknown[] {
    const { document } = this.#api;
    const names = entriesOf(valueAt(document, [...holder, 'examples'])).map(([name]) => name);
    const list = valueAt(document, [...schema, 'examples']);
    return [
      valueAt(document, [...holder, 'example']),
      ...names.map((name) => valueAt(document, [...follow(document, [...holder, 'examples', name]), 'value'])),
      valueAt(document, [...schema, 'example']),
      ...(isList(list) ? list : []),
      valueAt(document, [...schema, 'default']),
    ].filter((value) => value !== undefined);
  }
}
