import { isFields, isList, parseJson, type JsonType } from '../../util/json.ts';
import { mapValues } from '../structure.ts';
import {
  boundOf,
  describes,
  itemOf,
  keyOfConjunction,
  namesOf,
  propertyOf,
  requiredOf,
  type Branch,
  type Conjunction,
  type SchemaReader,
} from '../schema.ts';

/** Gives values that are made of texts the form that their schemas ask for: that of one text may be a list, or JSON. */
export class TextValues {
  readonly #reader: SchemaReader;
  readonly #branches = new Map<string, Branch[]>();

  constructor(reader: SchemaReader) {
    this.#reader = reader;
  }

  types(schema: Conjunction): ReadonlySet<JsonType> {
    return this.#reader.types(this.#reader.read(schema));
  }

  /** @param json whether a text may be the JSON of an object or a list, as in forms. */
  fit(value: unknown, schema: Conjunction, json: boolean): unknown {
    if (typeof value === 'string') return this.#fitText(value, schema, json);
    if (isList(value)) {
      return value.map((each, index) =>
        this.fit(
          each,
          this.#below(schema, (branch) => itemOf(branch, index)),
          json,
        ),
      );
    }
    if (!isFields(value)) return value;
    return mapValues(value, (each, name) => this.fit(each, this.property(schema, name), json));
  }

  #fitText(text: string, schema: Conjunction, json: boolean): unknown {
    const types = this.types(schema);
    if (types.has('string') || (!types.has('array') && !types.has('object'))) return text;
    const parsed = json ? parseJson(text) : undefined;
    if (isList(parsed) ? types.has('array') : isFields(parsed) && types.has('object')) return parsed;
    return types.has('array') ? this.fit([text], schema, json) : text;
  }

  property(schema: Conjunction, name: string): Conjunction {
    return this.#below(schema, (branch) => propertyOf(branch, name));
  }

  hasProperties(schema: Conjunction): boolean {
    return this.#expand(schema).some(({ parts }) => parts.some((part) => part.schema['properties'] !== undefined));
  }

  /** The names of the properties that any alternative describes. */
  names(schema: Conjunction): Set<string> {
    return new Set(this.#expand(schema).flatMap((branch) => [...namesOf(branch)]));
  }

  /** Whether each alternative requires a property. */
  requires(schema: Conjunction, name: string): boolean {
    const branches = this.#expand(schema);
    return branches.length > 0 && branches.every((branch) => requiredOf(branch).has(name));
  }

  /** What the first item of a list keeps; empty where the schema is of no list. */
  item(schema: Conjunction): Conjunction {
    return this.#below(schema, (branch) => itemOf(branch, 0));
  }

  /** Whether there may be a property of the name. */
  allows(schema: Conjunction, name: string): boolean {
    const branches = this.#expand(schema);
    return branches.length === 0 || branches.some((branch) => propertyOf(branch, name) !== 'nothing');
  }

  /** What the first alternative says by a keyword of data: `default`, `format`. */
  keyword(schema: Conjunction, keyword: string): unknown {
    const [branch] = this.#expand(schema);
    return branch?.parts.find((part) => part.schema[keyword] !== undefined)?.schema[keyword];
  }

  /** Whether two schemas are one, whatever only describes in them. */
  isSame(one: Conjunction, other: Conjunction): boolean {
    return this.#reader.read(one).key === this.#reader.read(other).key;
  }

  bound(schema: Conjunction, keyword: string): number | undefined {
    const [branch] = this.#expand(schema);
    return branch && boundOf(branch, keyword);
  }

  /** Whether the schema describes a property, or none at all, so that any name is one of its own. */
  describes(schema: Conjunction, name: string): boolean {
    return !this.hasProperties(schema) || this.#expand(schema).some((branch) => describes(branch, name));
  }

  /** What the first alternative that says something of a place below says of it. */
  #below(schema: Conjunction, find: (branch: Branch) => Conjunction | 'nothing'): Conjunction {
    const found = this.#expand(schema).map(find);
    return found.find((each): each is Conjunction => each !== 'nothing' && each.length > 0) ?? [];
  }

  #expand(schema: Conjunction): Branch[] {
    const key = keyOfConjunction(schema);
    const branches = this.#branches.get(key) ?? this.#reader.expand(schema, 'cut');
    this.#branches.set(key, branches);
    return branches;
  }
}
