import { entriesOf, fieldsOf, type Fields } from '../util/json.ts';
import { methods } from './document.ts';

/** The kinds of components, as named under `components`. */
const componentKinds = [
  ...(['schemas', 'responses', 'parameters', 'examples', 'requestBodies', 'headers'] as const),
  ...(['securitySchemes', 'links', 'callbacks', 'pathItems'] as const),
];

export type Kind = 'document' | 'components' | 'operation' | 'mediaType' | 'encoding' | (typeof componentKinds)[number];

/** `parts`: the object or each of a list; `names`: each value by a free name; `patterns`: the same, but `x-` is no name. */
type Rule = readonly ['parts' | 'names' | 'patterns', Kind];
type Rules = Readonly<Record<string, Rule>>;

const operations = rules(methods, ['parts', 'operation']);
const value: Rules = {
  schema: ['parts', 'schemas'],
  content: ['names', 'mediaType'],
  examples: ['names', 'examples'],
};

/** Which keys of an object lead to further objects. Whatever is not listed is data: an example, a default, an extension. */
const structure: Readonly<Record<Kind, Rules>> = {
  document: { paths: ['patterns', 'pathItems'], webhooks: ['names', 'pathItems'], components: ['parts', 'components'] },
  components: Object.fromEntries(componentKinds.map((kind): [string, Rule] => [kind, ['names', kind]])),
  pathItems: { parameters: ['parts', 'parameters'], ...operations },
  operation: {
    parameters: ['parts', 'parameters'],
    requestBody: ['parts', 'requestBodies'],
    responses: ['patterns', 'responses'],
    callbacks: ['names', 'callbacks'],
  },
  callbacks: { '*': ['patterns', 'pathItems'] },
  parameters: value,
  headers: value,
  requestBodies: { content: ['names', 'mediaType'] },
  responses: { headers: ['names', 'headers'], content: ['names', 'mediaType'], links: ['names', 'links'] },
  mediaType: { ...value, encoding: ['names', 'encoding'] },
  encoding: { headers: ['names', 'headers'] },
  examples: {},
  links: {},
  securitySchemes: {},
  schemas: {
    ...rules(['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'], ['names', 'schemas']),
    ...rules(['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'items', 'prefixItems'], ['parts', 'schemas']),
    ...rules(['additionalItems', 'contains', 'unevaluatedItems', 'contentSchema'], ['parts', 'schemas']),
    ...rules(['additionalProperties', 'unevaluatedProperties', 'propertyNames'], ['parts', 'schemas']),
  },
};

function rules(keys: readonly string[], rule: Rule): Rules {
  return Object.fromEntries(keys.map((key) => [key, rule]));
}

interface Part {
  path: string[];
  value: object;
  kind: Kind;
}

/** The objects that an object of a document consists of, one level down. */
export function partsOf(holder: object, kind: Kind): Part[] {
  const parts: Part[] = [];
  mapParts(holder, kind, (part) => {
    parts.push(part);
    return part.value;
  });
  return parts;
}

/** A copy of an object with each of its parts replaced; data stays what it is. */
export function mapParts(holder: object, kind: Kind, change: (part: Part) => unknown): Record<string, unknown> {
  const rules = structure[kind];
  const one = (value: unknown, kind: Kind, ...path: string[]): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? change({ path, value, kind }) : value;
  return mapValues(holder, (value, key) => {
    if (rules['*']) return key.startsWith('x-') ? value : one(value, rules['*'][1], key);
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (!rule || typeof value !== 'object' || value === null) return value;
    const [mode, partKind] = rule;
    if (mode !== 'parts') {
      return mapValues(value, (part, name) =>
        mode === 'patterns' && name.startsWith('x-') ? part : one(part, partKind, key, name),
      );
    }
    const list: unknown[] | undefined = Array.isArray(value) ? value : undefined;
    return list ? list.map((part, index) => one(part, partKind, key, String(index))) : one(value, partKind, key);
  });
}

/** Whether no component stands for objects of this kind, so that OpenAPI has no references to them. */
export function hasNoComponents(kind: Kind): boolean {
  return kind === 'operation' || kind === 'mediaType' || kind === 'encoding';
}

/** Keys of data, in which nothing is a part. */
const data = new Set(['default', 'example', 'examples', 'enum', 'const', 'value']);

export function isData(key: string): boolean {
  return data.has(key) || key.startsWith('x-');
}

/** An object with free names, or a list, in whose place a reference may stand. */
interface Container {
  key: string;
  kind: Kind;
  /** Whether it is a list by rights. */
  list: boolean;
  names: Fields;
}

export function containersOf(holder: object, kind: Kind): Container[] {
  return entriesOf(holder).flatMap(([key, value]) => {
    const [mode, partKind] = (Object.hasOwn(structure[kind], key) && structure[kind][key]) || [];
    const names = fieldsOf(value);
    if (!partKind || !names) return [];
    const isList = mode === 'parts' && partKind === 'parameters';
    return mode !== 'parts' || isList || partKind === 'components' ? { key, kind: partKind, list: isList, names } : [];
  });
}

/** A copy of an object with other values. Names such as `__proto__` stay names. */
export function mapValues(holder: object, change: (value: unknown, key: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(holder).map(([key, value]: [string, unknown]) => [key, change(value, key)]));
}
