import { writePath } from '../../matching/compile.ts';
import { partAt, partsBelow, type Part } from '../../openapi/look-up.ts';
import { isDescribedElsewhere, shapesOf, styleOf } from '../../openapi/parameters.ts';
import type { ContractRequest } from '../../pact/model.ts';
import { parseCookies } from '../../util/http.ts';
import { parseJson, toPointer, type Fields } from '../../util/json.ts';
import { isJson } from '../../util/media-type.ts';
import type { Operation } from '../../openapi/operations.ts';
import { broken, holds, undecided, quoteValue, type At, type PlaceVerdict } from './proof/place-verdict.ts';
import type { Schemas } from './proof/schemas.ts';
import { readings } from './proof/text-languages.ts';

/** The operation that a request of a contract is for. */
export interface FoundOperation extends Operation {
  schemas: Schemas;
  /** Values of the parameters in the path, decoded. */
  pathValues: Readonly<Record<string, string>>;
}

export function proveParameters(
  operation: FoundOperation,
  request: ContractRequest,
  keys: ReadonlySet<string>,
): PlaceVerdict[] {
  const described = operation.parameters.filter((parameter) => !isDescribedElsewhere(parameter));
  const parameters = described.flatMap(({ steps }) => partAt(operation.schemas.document, steps) ?? []);
  const findings = parameters.flatMap((parameter) => proveParameter(operation, request, parameter));
  return [...findings, ...proveQueryNames(operation, request, parameters, keys)];
}

function proveParameter(operation: FoundOperation, request: ContractRequest, { steps, fields }: Part): PlaceVerdict[] {
  const name = String(fields['name']);
  const where = String(fields['in']);
  const texts = textsOf(operation, request, where, name, fields['style'] === 'deepObject');
  const rule = where === 'header' ? 'header' : 'parameter';
  const at = { place: placeOf(where, name), pointer: toPointer(steps), rule };
  const what = `${where === 'header' ? 'header' : `${where} parameter`} ${name}`;
  if (!texts) {
    if (fields['required'] !== true) return [];
    return [broken(at, `The specification requires the ${what}; the request does not send it.`)];
  }
  const schema = partAt(operation.schemas.document, [...steps, 'schema']);
  if (!schema) return proveContent(operation, { steps, fields }, texts, at);
  const answers = new Set(
    parameterValues(fields, texts).map((value) => operation.schemas.allows([schema.steps], value)),
  );
  if (answers.has(true)) return [holds(at, `The specification allows the ${what} of the request.`)];
  if (fields['style'] === 'deepObject' || answers.has(undefined))
    return [undecided(at, `It was not decided whether the specification allows the ${what}.`)];
  const value = quoteValue(texts.join(', '));
  return [broken(at, `The request sends ${value} for the ${what}, which the specification does not allow.`)];
}

/** A parameter whose value is a document of its own. */
function proveContent(
  { schemas }: FoundOperation,
  { steps }: Part,
  [text = '']: readonly string[],
  at: At,
): PlaceVerdict[] {
  const [[type, media] = []] = partsBelow(schemas.document, [...steps, 'content']);
  if (!media || type === undefined || !isJson(type)) return [];
  const value = parseJson(text);
  const complaint = schemas.complaint([...media.steps, 'schema'], value === undefined ? text : value);
  if (complaint === 'unusable' || !complaint) return [];
  return [broken(at, `The specification does not allow this value of the parameter: ${complaint.words}.`)];
}

function textsOf(
  { pathValues }: FoundOperation,
  request: ContractRequest,
  where: string,
  name: string,
  deep: boolean,
): string[] | undefined {
  switch (where) {
    case 'path':
      return pathValues[name] === undefined ? undefined : [pathValues[name]];
    case 'query': {
      const key = [...request.query.keys()].find(
        (each) => each === name || each === `${name}[]` || (deep && each.startsWith(`${name}[`)),
      );
      return key === undefined ? undefined : (request.query.get(key) ?? []).map((value) => value ?? '');
    }
    case 'header':
      return request.headers.get(name.toLowerCase())?.values.slice();
    default: {
      const value = cookiesOf(request).get(name);
      return value === undefined ? undefined : [value];
    }
  }
}

export function cookiesOf({ headers }: ContractRequest): Map<string, string> {
  return parseCookies((headers.get('cookie')?.values ?? []).join('; '));
}

function placeOf(where: string, name: string): string {
  if (where === 'path') return '$.request.path';
  return `$.request.${where === 'query' ? 'query' : 'headers'}${writePath([where === 'cookie' ? 'Cookie' : name])}`;
}

function proveQueryNames(
  { steps }: FoundOperation,
  { query }: ContractRequest,
  parameters: readonly Part[],
  keys: ReadonlySet<string>,
): PlaceVerdict[] {
  const known = parameters.filter(({ fields }) => fields['in'] === 'query');
  return [...query.keys()].flatMap((name) => {
    if (keys.has(name) || known.some(({ fields }) => covers(fields, name))) return [];
    const at = { place: placeOf('query', name), pointer: toPointer(steps), rule: 'parameter' };
    const sentence = `The request sends the query parameter ${name}, which the specification does not describe.`;
    return [broken(at, sentence)];
  });
}

function covers({ name, style, explode, schema }: Part['fields'], found: string): boolean {
  if (found === name || found === `${String(name)}[]`) return true;
  if (style === 'deepObject') return found.startsWith(`${String(name)}[`);
  // The properties of an exploded object stand in the query by themselves.
  const isObject =
    typeof schema === 'object' &&
    schema !== null &&
    ('properties' in schema || Reflect.get(schema, 'type') === 'object');
  return (style ?? 'form') === 'form' && explode !== false && isObject;
}

/** What the texts of a parameter may stand for; the schema says which of it is meant. */
function parameterValues(fields: Fields, texts: readonly string[]): unknown[] {
  const { single, list = [], object = {} } = shapesOf(styleOf(fields), String(fields['name']), texts);
  const read = (text: string): unknown => readings(text).at(-1);
  const lists = [texts, list].flatMap((each) => [each, each.map(read)]);
  const readObject = Object.fromEntries(Object.entries(object).map(([name, value]) => [name, read(value)]));
  return [...(typeof single === 'string' ? readings(single) : []), ...lists, object, readObject];
}
