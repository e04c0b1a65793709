import type { OpenApiDocument } from '../../openapi/document.ts';
import { follow } from '../../openapi/look-up.ts';
import { toKeywords2020 } from '../../openapi/load/keywords.ts';
import { mapParts } from '../../openapi/structure.ts';
import { leastLength } from '../../util/regex/draw-text.ts';
import { entriesOf, fieldsOf, fromPointer, isList, toPointer, valueAt, type Fields } from '../../util/json.ts';

/** Schemas that a copy may consist of. Prism makes up no value of more than 2,500, which is tens of kilobytes. */
const mostSchemas = 1000;
/** How many levels of a value a copy describes, tried in this order while it is small enough. Prism ends at 15. */
const depths = [0, 1, 2, 3, 4, 5, 6, 8, 11, 15];

/**
 * A copy of a schema without references, to make up values by: of what is optional, as much as the bound allows. What
 * leads back to itself ends where it is optional, in a list, or null.
 */
export function finiteSchema(document: OpenApiDocument, schema: object): object {
  const { type = 'object' } = targetOf(document, schema);
  return deepest(document, schema)?.copy ?? { type };
}

function deepest(document: OpenApiDocument, schema: object): { copy: object; depth: number } | undefined {
  let found: { copy: object; depth: number } | undefined;
  for (const depth of depths) {
    const copier = new Copier(document, depth);
    const copy = fieldsOf(copier.copy(schema));
    if (copier.left < 0) break;
    if (copy) found = { copy, depth };
    if (copier.isWhole) break;
  }
  return found;
}

class Copier {
  /** How many more schemas there may be; negative where the copy is too large. */
  left = mostSchemas;
  /** Whether nothing was left out for being too deep. */
  isWhole = true;
  readonly #document: OpenApiDocument;
  readonly #isOld: boolean;
  readonly #depth: number;

  constructor(document: OpenApiDocument, depth: number) {
    this.#document = document;
    this.#isOld = document.openapi.startsWith('3.0');
    this.#depth = depth;
  }

  /** @param way the references that led here. @returns undefined for what has no end. */
  copy(schema: object, way: readonly string[] = [], level = 0, weight = 1): unknown {
    if (this.left < 0) return undefined;
    // Definitions are reached by references alone, and an id would be another base of those.
    const { $ref, $id: _, $defs: _defs, definitions: _definitions, ...given }: Fields = { ...schema };
    const own = bounded(given);
    if (typeof $ref === 'string') {
      const steps = this.#stepsOf($ref);
      const pointer = toPointer(steps.map(encodeURIComponent));
      if (way.includes(pointer)) return undefined;
      const target = valueAt(this.#document, steps);
      // What stands beside a reference overrides the target, as Prism has it in each version of OpenAPI.
      return fieldsOf(target) ? this.copy({ ...fieldsOf(target), ...own }, [...way, pointer], level, weight) : target;
    }
    this.left -= weight;
    const copied = mapParts(
      this.#isOld ? toKeywords2020(own) : own,
      'schemas',
      ({ path: [keyword = '', name = ''], value }) => {
        const isCombined = combining.has(keyword);
        if (!isCombined && level >= this.#depth && isOptional(own, keyword, name)) {
          this.isWhole = false;
          return undefined;
        }
        return this.copy(value, way, isCombined ? level : level + 1, weight * timesOf(own, keyword));
      },
    );
    return this.#settle(copied, own);
  }

  #stepsOf(reference: string): string[] {
    const steps = fromPointer(reference.slice(1));
    return [...follow(this.#document, steps.slice(0, -1)), ...steps.slice(-1)];
  }

  /** A copy without what was left out, or undefined where it cannot do without. */
  #settle(copy: Fields, schema: Fields): Fields | undefined {
    const kept: Fields = {};
    for (const [keyword, value] of Object.entries(copy)) {
      if (isList(value)) {
        const some = keyword === 'oneOf' || keyword === 'anyOf' ? value.filter((each) => each !== undefined) : value;
        if (some.includes(undefined) || some.length < Math.min(1, value.length)) return undefined;
        kept[keyword] = some;
      } else if (value === undefined) {
        if (keyword === 'items' && !isOptional(schema, keyword)) return undefined;
        // Prism's generator wants items even of an empty list.
        if (keyword === 'items') Object.assign(kept, { items: {}, maxItems: 0 });
        if (keyword === 'additionalProperties') kept[keyword] = false;
      } else if (keyword === 'properties') {
        const properties = entriesOf(value).map(([name, property]) => {
          if (property !== undefined || isOptional(schema, keyword, name)) return [name, property] as const;
          return [name, this.#allowsNull(valueAt(schema, [keyword, name])) ? { const: null } : 'needed'] as const;
        });
        if (properties.some(([, property]) => property === 'needed')) return undefined;
        kept[keyword] = Object.fromEntries(properties.filter(([, property]) => property !== undefined));
      } else if (keyword === 'patternProperties') {
        kept[keyword] = Object.fromEntries(entriesOf(value).filter(([, each]) => each !== undefined));
      } else kept[keyword] = value;
    }
    return kept;
  }

  #allowsNull(schema: unknown): boolean {
    const { nullable, type } = targetOf(this.#document, schema);
    return nullable === true || [type].flat().includes('null');
  }
}

/** Keywords whose schemas are of the same value. */
const combining = new Set(['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'dependentSchemas']);

function isOptional({ required, minItems }: Fields, keyword: string, name = ''): boolean {
  if (keyword === 'properties') return !isList(required) || !required.includes(name);
  if (keyword === 'items') return !(typeof minItems === 'number' && minItems > 0);
  return keyword === 'additionalProperties' || keyword === 'patternProperties';
}

/** The largest that Prism makes up: a text, and an object without an end of its own. */
const most = { minLength: 10_000, minProperties: 100 } as const;

/** Methods of Faker whose numbers say how much there is to be. */
const counting = /^(?:lorem|string|helpers|random|word|image|datatype\.(?:array|hexadecimal|json|string))\b/;

/** A schema without what would have Prism make up more than fits into memory; the value is checked by all of it. */
function bounded(schema: Fields): Fields {
  const copy = { ...schema };
  for (const keyword of ['minLength', 'minProperties'] as const) {
    if (Number(copy[keyword]) > most[keyword]) copy[keyword] = most[keyword];
  }
  const { pattern, 'x-faker': faker } = copy;
  if (typeof pattern === 'string' && leastLength(pattern) > most.minLength) delete copy['pattern'];
  const isLarge = entriesOf(faker).some(
    ([name, given]) => counting.test(name) && /\d{4}|\de/.test(JSON.stringify(given)),
  );
  if (isLarge) delete copy['x-faker'];
  return copy;
}

/** How many values Prism makes up of one schema. */
function timesOf({ minItems, maxItems, minProperties }: Fields, keyword: string): number {
  if (keyword === 'additionalProperties') return typeof minProperties === 'number' ? Math.max(2, minProperties) : 2;
  if (keyword !== 'items' || typeof minItems !== 'number') return 1;
  return Math.max(1, Math.min(minItems, typeof maxItems === 'number' ? maxItems : minItems));
}

/** The fields of what a schema refers to. */
function targetOf(document: OpenApiDocument, schema: unknown): Fields {
  const { $ref, ...own } = fieldsOf(schema) ?? {};
  if (typeof $ref !== 'string') return own;
  return { ...fieldsOf(valueAt(document, follow(document, fromPointer($ref.slice(1))))), ...own };
}
