import type { ErrorObject } from 'ajv';
import type { OpenApiDocument } from '../document.ts';
import { entriesOf, fieldsOf, fromPointer, isFields, isList, toPointer, valueAt } from '../../util/json.ts';
import { officialCheck } from './official-schemas.ts';
import { Problem } from '../../util/errors.ts';
import type { Bundled } from './bundle.ts';

interface Validated {
  document: OpenApiDocument;
  /** What the official schema refuses, but the toolkit can do without. */
  warnings: string[];
}

/** Keywords whose errors only say that one of their parts failed. */
const collective = new Set(['if', 'oneOf', 'anyOf', 'allOf', '$ref', 'propertyNames', 'dependentSchemas']);

/** Keys that nothing in the toolkit reads: an error in one is a warning, whatever stands there. */
const unread = new Set([
  'tags',
  'externalDocs',
  'contact',
  'license',
  'xml',
  'example',
  'examples',
  'links',
  'encoding',
]);

/** Keywords of schemas that OpenAPI 3.1 has and 3.0 has not, or otherwise; the toolkit reads them in both. */
const newer =
  /\/(?:type|exclusive\w+|const|examples|if|then|else|contains|\w+Contains|prefixItems|patternProperties|propertyNames|dependent\w+|unevaluated\w+|content\w+|webhooks|pathItems|\$\w+)$/;

/**
 * Checks a value against the official JSON Schema of its OpenAPI version.
 * @throws Problem naming the deepest place where the value cannot be used; RangeError if it is nested too deeply.
 */
export async function validateDocument(
  value: unknown,
  name: string,
  yaml: Pick<Bundled, 'locate'>,
): Promise<Validated> {
  const version = String(valueAt(value, ['openapi'])).startsWith('3.0') ? '3.0' : '3.1';
  const check = await officialCheck(version);
  if (check(value)) return { document: value, warnings: [] };
  const errors = check.errors ?? [];
  const telling = errors.filter(({ keyword }) => !collective.has(keyword));
  const found = tellingPlaces(withAllValues(telling.length > 0 ? telling : errors));
  const fatal = found.filter(({ error }) => isFatal(error, value));
  if (fatal.length === 0 && isUsable(value)) return { document: value, warnings: describeAll(found, version, yaml) };
  const [worst] = (fatal.length > 0 ? fatal : found).toSorted((a, b) => b.place.length - a.place.length);
  const path = worst?.error.instancePath ?? '';
  throw new Problem({
    code: 'spec_invalid',
    what: 'The specification is not valid OpenAPI.',
    where: path === '' ? name : yaml.locate(fromPointer(path)),
    facts: { at: path === '' ? '/' : path, reason: worst?.error.message },
    remedy: 'Correct the file at this place.',
  });
}

interface Found {
  place: string[];
  error: ErrorObject;
}

/** Alternatives each allow other values at the same place. */
function withAllValues(errors: readonly ErrorObject[]): ErrorObject[] {
  const allowed = new Map<string, Set<unknown>>();
  for (const { keyword, instancePath, params } of errors) {
    if (keyword !== 'enum') continue;
    const values = allowed.get(instancePath) ?? new Set();
    allowed.set(instancePath, values);
    for (const value of [params['allowedValues']].flat()) values.add(value);
  }
  return errors.map((error) => {
    const values = error.keyword === 'enum' && !error.instancePath.endsWith('/in') && allowed.get(error.instancePath);
    return values ? { ...error, params: { allowedValues: [...values] } } : error;
  });
}

/** Errors each at the place that is wrong, without those that only say that something below them is. */
function tellingPlaces(errors: readonly ErrorObject[]): Found[] {
  const below = new Set<string>();
  const kept: Found[] = [];
  const found = errors.map((error): Found => ({ error, place: placeOf(error) }));
  // Where one key is wrong, those beside it may count as unevaluated.
  const last = ({ error }: Found): number => (error.keyword === 'unevaluatedProperties' ? 1 : 0);
  for (const each of found.toSorted((a, b) => last(a) - last(b) || b.place.length - a.place.length)) {
    const { instancePath, params } = each.error;
    // References have been followed; their alternative is refused wherever something else is wrong.
    if (params['missingProperty'] === '$ref' || each.place.at(-1) === '$ref') continue;
    if (below.has(last(each) === 1 ? instancePath : toPointer(each.place))) continue;
    for (let length = each.place.length; length >= 0; length -= 1) below.add(toPointer(each.place.slice(0, length)));
    kept.push(each);
  }
  return kept;
}

function placeOf({ instancePath, keyword, params, schemaPath, propertyName }: ErrorObject): string[] {
  const steps = fromPointer(instancePath);
  // Each kind of scheme or parameter refuses the keys of the others.
  if (isScheme(steps)) return steps.slice(0, 3);
  if (steps.at(-1) === 'in' && [params['allowedValues']].flat().length === 1) return steps.slice(0, -1);
  if (/ParameterLocation|SchemaXORContent|\/oneOf\/\d+\/required$/.test(schemaPath)) return steps;
  if (propertyName !== undefined) return [...steps, propertyName];
  const name: unknown = params['additionalProperty'] ?? params['unevaluatedProperty'] ?? params['missingProperty'];
  return typeof name === 'string' && keyword !== 'dependentRequired' ? [...steps, name] : steps;
}

/** Whether an error is in a security scheme, but not below its flows. */
function isScheme(steps: readonly string[]): boolean {
  return steps[1] === 'securitySchemes' && steps.length > 2 && steps.length < 5;
}

/** Whether an object or a list is something else, through which parts are reached; or what every document must have. */
function isFatal({ instancePath, keyword, params }: ErrorObject, root: unknown): boolean {
  const steps = fromPointer(instancePath);
  if (keyword !== 'type' || steps.some((step) => unread.has(step))) return false;
  // A schema of OpenAPI 3.1 may be a boolean.
  if (typeof valueAt(root, steps) === 'boolean') return false;
  return steps[0] === 'info'
    ? steps.length < 3 && steps[1] !== 'description'
    : /object|array/.test(String(params['type']));
}

/** What the rest of the toolkit relies on; it looks at everything else before it uses it. */
function isUsable(value: unknown): value is OpenApiDocument {
  if (!isFields(value)) return false;
  const { openapi, info, servers = [], security = [], paths = {}, components = {} } = value;
  const { title, version } = fieldsOf(info) ?? {};
  return (
    [openapi, title, version].every((text) => typeof text === 'string') &&
    isList(servers) &&
    servers.every(isServer) &&
    isList(security) &&
    isFields(paths) &&
    isFields(components)
  );
}

function isServer(value: unknown): boolean {
  const { url, variables = {} } = fieldsOf(value) ?? {};
  if (typeof url !== 'string' || !isFields(variables)) return false;
  return entriesOf(variables).every(([, variable]) => typeof fieldsOf(variable)?.['default'] === 'string');
}

function describeAll(found: readonly Found[], version: string, { locate }: Pick<Bundled, 'locate'>): string[] {
  return found.map(({ place, error }) => `${locate(place)}: ${toPointer(place)} ${describe(place, error, version)}`);
}

function describe(place: readonly string[], { keyword, params, message }: ErrorObject, version: string): string {
  const surplus = keyword === 'additionalProperties' || keyword === 'unevaluatedProperties';
  if (isScheme(place)) return `is no security scheme of OpenAPI ${version}, and is read as far as it goes.`;
  if (version === '3.0' && (surplus || keyword === 'type') && newer.test(toPointer(place))) {
    return 'is of OpenAPI 3.1, and is read as there.';
  }
  if (surplus) return `is not known to OpenAPI ${version} at this place, and is ignored.`;
  if (keyword === 'required' && params['missingProperty'] === place.at(-1)) return 'is missing.';
  if (keyword === 'not') return `is not what OpenAPI ${version} has at this place.`;
  const allowed: unknown = params['allowedValues'];
  return isList(allowed) ? `must be one of ${allowed.join(', ')}.` : `${message ?? keyword}.`;
}
