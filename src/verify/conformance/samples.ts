import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import type { Api } from '../../openapi/api.ts';
import { valueAt } from '../../util/json.ts';
import { toPointer } from '../../util/json.ts';
import { follow } from '../../openapi/look-up.ts';
import { messageOf } from '../../spec/thrown.ts';
import { arbitraryOf } from '../../contract/conformance/arbitrary.ts';
import type { Steps } from '../../contract/conformance/described.ts';

/** Makes the values of requests: the same ones for the same seed. */
export class Samples {
  readonly #api: Api;
  readonly #seed: number;

  constructor(api: Api, seed: number) {
    this.#api = api;
    this.#seed = seed;
  }

  /**
   * Valid values for a schema, the specification's own examples first, at most `count` of them. Empty where none can be
   * made.
   * @param holder the parameter or media type that has the schema, and perhaps examples.
   */
  valid(holder: Steps, schema: Steps, count: number): unknown[] {
    const values = [...this.#examples(holder, schema), ...this.#made(schema, count * 4)];
    const distinct = new Map(values.map((value) => [JSON.stringify(value), value]));
    return [...distinct.values()].filter((value) => this.isValid(schema, value)).slice(0, count);
  }

  isValid(schema: Steps, value: unknown): boolean {
    return this.#api.schemas.check(schema, value).length === 0;
  }

  #made(schema: Steps, numRuns: number): unknown[] {
    // Each place has values of its own, whatever else is tried.
    const seed = createHash('sha256')
      .update(`${this.#seed} ${toPointer(schema)}`)
      .digest()
      .readInt32BE();
    try {
      return fc.sample(arbitraryOf(this.#api.document, schema), { seed, numRuns });
    } catch (error) {
      // A schema that allows nothing, or bounds that contradict each other: there is no value to be had.
      if (messageOf(error) === '') throw error;
      return [];
    }
  }

  #examples(holder: Steps, schema: Steps): unknown[] {
    const { document } = this.#api;
    const named = valueAt(document, [...holder, 'examples']);
    const names = typeof named === 'object' && named !== null ? Object.keys(named) : [];
    const list = valueAt(document, [...schema, 'examples']);
    return [
      valueAt(document, [...holder, 'example']),
      ...names.map((name) => valueAt(document, [...follow(document, [...holder, 'examples', name]), 'value'])),
      valueAt(document, [...schema, 'example']),
      ...(Array.isArray(list) ? list : []),
      valueAt(document, [...schema, 'default']),
    ].filter((value) => value !== undefined);
  }
}
