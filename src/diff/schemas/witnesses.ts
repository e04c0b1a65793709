import type { Conjunction, ResolvedSchema } from '../../openapi/schema.ts';
import { Values } from '../../openapi/values/values.ts';
import { seededRandom } from '../../util/random.ts';
import type { Lens, Pair, Within } from './difference.ts';
import { exclusiveGroups, overlapsOf } from './exclusion.ts';
import type { Documents } from './unchanged.ts';

type On = 'before' | 'after';
type Group = ResolvedSchema['groups'][number];

/** Searches for a value that decides what keywords do not. */
const mostSearches = 100;

const valuesEach = 6;

/** Values that one document allows and the other refuses, as seen through a lens. */
export class Witnesses {
  readonly #documents: Documents;
  readonly #lens: Lens;
  readonly #refuted = new Map<Pair, boolean>();
  readonly #overlaps = new Map<Group, readonly [number, number][]>();

  constructor(documents: Documents, lens: Lens) {
    this.#documents = documents;
    this.#lens = lens;
  }

  isValid(on: On, schemas: Conjunction, value: unknown): Within {
    try {
      const { [on]: reader } = this.#documents;
      const checker = this.#documents.checkers[on];
      const asTexts = this.#lens.as === 'texts' && typeof value !== 'object';
      return schemas.every((steps) => {
        const at = reader.at(steps);
        if (checker.check(at, value).length === 0) return true;
        return asTexts && checker.checkRequest(at, JSON.stringify(value).replaceAll('"', ''), true).length === 0;
      });
    } catch {
      return undefined;
    }
  }

  /** Whether there is a value that what is sent may have and what takes it does not allow. */
  isRefuted(pair: Pair): boolean {
    const known = this.#refuted.get(pair);
    if (known !== undefined) return known;
    const found = this.#refuted.size < mostSearches && this.#search(pair);
    this.#refuted.set(pair, found);
    return found;
  }

  /** The alternatives that a value might keep both. */
  overlapsOf(on: On, group: Group): readonly [number, number][] {
    const known = this.#overlaps.get(group) ?? overlapsOf(this.#documents[on], group);
    this.#overlaps.set(group, known);
    return known;
  }

  #search(pair: Pair): boolean {
    const [from, into] =
      this.#lens.direction === 'request' ? (['before', 'after'] as const) : (['after', 'before'] as const);
    const { [from]: sent, [into]: taken } = pair;
    const isRefused = (value: unknown): boolean => this.isValid(into, taken.steps, value) === false;
    return (
      this.#draw(from, sent.steps).some(isRefused) ||
      this.#suspects(into, taken).some((schemas) =>
        this.#draw(into, schemas).some((value) => isRefused(value) && this.isValid(from, sent.steps, value) === true),
      )
    );
  }

  #draw(on: On, schemas: Conjunction): unknown[] {
    const { [on]: reader } = this.#documents;
    const message = this.#lens.direction === 'request' ? 'request' : 'answer';
    try {
      const values = new Values(reader.document, this.#documents.checkers[on]);
      const places = schemas.map((steps) => reader.at(steps));
      return values.validByAll(places, message, valuesEach, seededRandom(1));
    } catch {
      return [];
    }
  }

  /** Schemas whose values another is likely to refuse: those that it excludes, and two alternatives of its `oneOf` at once. */
  #suspects(on: On, schema: ResolvedSchema): Conjunction[] {
    const excluded = schema.parts.flatMap(({ steps, schema: keywords }) =>
      ['not', 'if'].flatMap((keyword) => (keywords[keyword] === undefined ? [] : [[[...steps, keyword]]])),
    );
    const shared = exclusiveGroups(schema).flatMap((group) =>
      this.overlapsOf(on, group).map((both) => both.flatMap((index) => group.schemas.slice(index, index + 1))),
    );
    return [...excluded, ...shared];
  }
}
