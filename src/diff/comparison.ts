import type { OpenApiDocument } from '../openapi/document.ts';
import { partAt, partsBelow, type Part } from '../openapi/look-up.ts';
import type { Steps } from '../openapi/schema.ts';
import { change, type FoundChange } from './change.ts';
import { SchemaComparison } from './schemas/compare-schemas.ts';
import type { Lens, Within } from './schemas/difference.ts';
import { documentsOf, type Unchanged } from './schemas/unchanged.ts';

/** An object of one of the two documents; without fields if there is none. */
export interface Located extends Part {
  document: OpenApiDocument;
}

export type LocatedPair = readonly [before: Located, after: Located];

export interface ComparedOperation extends Located {
  method: string;
  path: string;
  name: string;
  item: Part;
}

/** Two documents, and the schemas in them as each lens shows them. */
export class Comparison {
  readonly unchanged: Unchanged;
  readonly #documents: ReturnType<typeof documentsOf>;
  readonly #schemas = new Map<string, SchemaComparison>();

  constructor(before: OpenApiDocument, after: OpenApiDocument) {
    this.#documents = documentsOf(before, after);
    this.unchanged = this.#documents.unchanged;
  }

  /** The changes between the schemas of two objects, such as media types or parameters. */
  schemas(
    pair: LocatedPair,
    lens: Lens,
    { name, ...details }: Partial<FoundChange> & { name?: string },
  ): FoundChange[] {
    const [before, after] = inBoth(pair, schemaOf);
    const changes = this.through(lens).compare(before, after, name);
    const all = { ...details, ...(after && { schema: after }) };
    // Places are those of bodies.
    if (name === undefined) return changes.map((each) => ({ ...each, ...all }));
    return changes.map((found) => {
      const { place: _, ...each } = found;
      return { ...each, ...all };
    });
  }

  isWithin(pair: readonly [Steps | undefined, Steps | undefined], lens: Lens): Within {
    return this.through(lens).isWithin(...pair);
  }

  through(lens: Lens): SchemaComparison {
    const key = `${lens.direction} ${lens.as}`;
    const known = this.#schemas.get(key) ?? new SchemaComparison(this.#documents, lens);
    this.#schemas.set(key, known);
    return known;
  }

  /** The requests of an API to its callers are not taken apart. */
  callbacks(before: ComparedOperation, after: ComparedOperation): FoundChange[] {
    if (this.unchanged.isSame(before.fields['callbacks'], after.fields['callbacks'])) return [];
    return [change('undecided', 'callbacks', 'The callbacks are others; whether that breaks cannot be decided.')];
  }

  /** Whether an operation and what its path says for it are the same in both documents, with all that they refer to. */
  isSame(before: ComparedOperation, after: ComparedOperation): boolean {
    const both = (key: string): boolean => this.unchanged.isSame(before.item.fields[key], after.item.fields[key]);
    return both('parameters') && this.unchanged.isSame(before.fields, after.fields);
  }
}

export function inBoth<P, T>([before, after]: readonly [P, P], read: (place: P) => T): [T, T] {
  return [read(before), read(after)];
}

export function schemaOf({ steps, fields }: Located): Steps | undefined {
  return fields['schema'] === undefined ? undefined : [...steps, 'schema'];
}

export function placeAt(document: OpenApiDocument, steps: Steps): Located {
  return { document, steps: [], fields: {}, ...partAt(document, steps) };
}

export function placesBelow({ document, steps }: Located, key: string): Map<string, Located> {
  if (steps.length === 0) return new Map();
  const found = [...partsBelow(document, [...steps, key])];
  return new Map(found.map(([name, part]) => [name, { document, ...part }]));
}
