import { fieldsOf, isList, wordOf, jsonTypeOf, jsonTypes, type Fields, type JsonType } from '../../util/json.ts';
import { nearest } from '../../util/did-you-mean.ts';
import { isServerUrl, readServers, serverUrl } from '../operations.ts';
import { containersOf, isData, type Kind } from '../structure.ts';

/** Tells what is odd at a place below an object: a sentence whose subject is the place. */
export type Warn = (path: readonly string[], predicate: string) => void;

const schemaTypes: Readonly<Record<string, readonly JsonType[]>> = {
  ...typed(['title', 'description', 'format', 'pattern', '$anchor'], ['string']),
  ...typed(['minimum', 'maximum', 'multipleOf'], ['integer', 'number']),
  ...typed(['exclusiveMinimum', 'exclusiveMaximum'], ['integer', 'number', 'boolean']),
  ...typed(['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'], ['integer']),
  ...typed(['minContains', 'maxContains'], ['integer']),
  ...typed(['uniqueItems', 'nullable', 'readOnly', 'writeOnly', 'deprecated'], ['boolean']),
  ...typed(['required', 'enum', 'allOf', 'anyOf', 'oneOf', 'prefixItems'], ['array']),
  ...typed(['properties', 'patternProperties', 'dependentSchemas', 'dependentRequired', 'discriminator'], ['object']),
  ...typed(['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains'], ['object', 'boolean']),
  ...typed(['propertyNames', 'unevaluatedItems', 'unevaluatedProperties'], ['object', 'boolean']),
  type: ['string', 'array'],
};

/** What other objects than schemas may have. Lists that lead to parts are not here: something else is no document. */
const fieldTypes: Readonly<Record<string, readonly JsonType[]>> = {
  ...typed(['summary', 'description', 'operationId'], ['string']),
  ...typed(['deprecated', 'allowEmptyValue', 'allowReserved', 'explode', 'required'], ['boolean']),
  ...typed(['tags'], ['array']),
  ...typed(['externalDocs'], ['object']),
};

function typed(keys: readonly string[], types: readonly JsonType[]): Record<string, readonly JsonType[]> {
  return Object.fromEntries(keys.map((key) => [key, types]));
}

/**
 * Changes in an object of a document what no reader of it could use, its parts left aside: the rest of the toolkit, and
 * the libraries that it calls, get a document that they understand.
 * @param old whether the document is of OpenAPI 3.0.
 */
export function mend(holder: Fields, kind: Kind, old: boolean, warn: Warn): void {
  for (const [key, value] of Object.entries(holder)) {
    if (value !== null || isData(key) || key === 'info') continue;
    delete holder[key];
    warn([key], 'has no value and is ignored.');
  }
  for (const { key, kind: inner, names } of containersOf(holder, kind)) mendContainer(names, key, inner, warn);
  if (kind === 'document') mendPaths(fieldsOf(holder['paths']) ?? {}, warn);
  if (kind === 'schemas') mendSchema(holder, old, warn);
  else if (kind !== 'document' && kind !== 'components' && kind !== 'examples') dropMistyped(holder, fieldTypes, warn);
  if (kind === 'responses' && holder['$ref'] === undefined && holder['description'] === undefined) {
    holder['description'] = '';
    warn(['description'], 'is missing.');
  }
  if (isList(holder['servers'])) holder['servers'].forEach((server, index) => warnOfServer(server, index, warn));
}

function mendContainer(names: Fields, key: string, kind: Kind, warn: Warn): void {
  for (const [name, value] of Object.entries(names)) {
    if (name.startsWith('x-') && kind !== 'schemas') continue;
    if (value === null) {
      names[name] = kind === 'responses' ? { description: '' } : {};
      warn([key, name], 'has no value and is taken as empty.');
    } else if (kind === 'schemas' && typeof value !== 'object' && typeof value !== 'boolean') {
      names[name] = {};
      warn([key, name], `is ${wordOf(jsonTypeOf(value))}, not a schema, and is taken as one that allows anything.`);
    }
  }
}

/** Extensions among the paths are data, and what does not begin with a slash is no path: neither is kept. */
function mendPaths(paths: Fields, warn: Warn): void {
  for (const name of Object.keys(paths)) {
    if (name.startsWith('/') || name === '$ref') continue;
    delete paths[name];
    if (!name.startsWith('x-')) warn(['paths', name], 'does not begin with a slash and is ignored.');
  }
}

function mendSchema(schema: Fields, old: boolean, warn: Warn): void {
  if (isList(schema['items']) && schema['prefixItems'] === undefined) {
    schema['prefixItems'] = schema['items'];
    delete schema['items'];
    warn(['items'], 'is a list of schemas, which is read as prefixItems.');
  }
  dropMistyped(schema, schemaTypes, warn);
  mendTypes(schema, warn);
  if (!old) mendBounds(schema, warn);
  const { pattern, discriminator } = schema;
  if (typeof pattern === 'string') mendPattern(schema, pattern, warn);
  if (discriminator !== undefined && typeof fieldsOf(discriminator)?.['propertyName'] !== 'string') {
    delete schema['discriminator'];
    warn(['discriminator'], 'names no property and is ignored.');
  }
}

function dropMistyped(holder: Fields, types: Readonly<Record<string, readonly JsonType[]>>, warn: Warn): void {
  for (const [key, value] of Object.entries(holder)) {
    const known = Object.hasOwn(types, key) ? types[key] : undefined;
    const type = jsonTypeOf(value);
    if (!known || known.includes(type)) continue;
    delete holder[key];
    warn([key], `is ${wordOf(type)}, which it cannot be, and is ignored.`);
  }
}

const isTypeName = (name: unknown): boolean => jsonTypes.some((each) => each === name);

/** Libraries fail at a type that there is not, such as a misspelt one. */
function mendTypes(schema: Fields, warn: Warn): void {
  const names = [schema['type']].flat().filter((name) => name !== undefined);
  const unknown = names.find((name) => !isTypeName(name));
  if (unknown === undefined) return;
  const known = names.filter(isTypeName);
  if (known.length > 0) schema['type'] = known;
  else delete schema['type'];
  const meant = typeof unknown === 'string' ? nearest(unknown, jsonTypes) : undefined;
  const found = typeof unknown === 'string' ? unknown : wordOf(jsonTypeOf(unknown));
  warn(['type'], `is ${found}, which is no type of JSON, and is ignored${meant ? `; did you mean ${meant}?` : '.'}`);
}

/** OpenAPI 3.0 says by a boolean that a bound itself is excluded; 3.1 gives the excluded bound. */
function mendBounds(schema: Fields, warn: Warn): void {
  for (const bound of ['minimum', 'maximum']) {
    const exclusive = `exclusive${bound.slice(0, 1).toUpperCase()}${bound.slice(1)}`;
    const excluded = schema[exclusive];
    if (typeof excluded !== 'boolean') continue;
    delete schema[exclusive];
    if (excluded && schema[bound] !== undefined) {
      schema[exclusive] = schema[bound];
      delete schema[bound];
    }
    warn([exclusive], 'is a boolean, which is read as OpenAPI 3.0 does.');
  }
}

/** Patterns are of ECMA-262 (JSON Schema 2020-12, section 6.4), and libraries compile them with the flag `u`. */
function mendPattern(schema: Fields, pattern: string, warn: Warn): void {
  if (compiles(pattern)) return;
  const mended = pattern
    .replace(/^\\A/, '^')
    .replace(/\\[Zz]$/, '$')
    .replaceAll(/\\([^\dA-Za-z^$\\.*+?()[\]{}|/-])/g, '$1')
    // A hyphen that `u` forbids to escape outside of a class, or to stand beside a class in one.
    .replaceAll(/\\-|(?<=\\[dswDSW])-|-(?=\\[dswDSW])/g, String.raw`\x2d`);
  if (compiles(mended)) {
    schema['pattern'] = mended;
    if (/\\[AZz]/.test(pattern)) warn(['pattern'], `is no pattern of ECMA-262 with flag u, and is read as ${mended}`);
    return;
  }
  delete schema['pattern'];
  warn(['pattern'], `is no pattern of ECMA-262 with flag u, and is ignored: ${pattern}`);
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

function warnOfServer(server: unknown, index: number, warn: Warn): void {
  const { url } = fieldsOf(server) ?? {};
  if (typeof url !== 'string') return;
  const [read = { url }] = readServers([server]);
  if (isServerUrl(read)) return;
  warn(['servers', String(index), 'url'], `is no URL, and stands for the path ${serverUrl([read]).pathname}: ${url}`);
}
