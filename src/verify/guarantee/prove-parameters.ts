import { writePath } from '../../matching/compile.ts';
import { partAt, partsBelow } from '../../openapi/look-up.ts';
import type { Operation } from '../../openapi/operations.ts';
import {
  describeParameter,
  isDescribedElsewhere,
  type ParameterReader,
  type ReadableParameter,
  type Texts,
} from '../../openapi/parameters.ts';
import type { Steps } from '../../openapi/schema.ts';
import type { ContractRequest } from '../../pact/model.ts';
import { parseCookies } from '../../util/http.ts';
import { parseJson, textAt, toPointer } from '../../util/json.ts';
import { isJson } from '../../util/media-type.ts';
import { broken, holds, undecided, quoteValue, type At, type PlaceVerdict } from './proof/place-verdict.ts';
import type { Complaint, Schemas } from './proof/schemas.ts';

/** The operation that a request of a contract is for. */
export interface FoundOperation extends Operation {
  /** Those of answers. */
  schemas: Schemas;
  requests: Schemas;
  parameterValues: ParameterReader;
  /** Values of the parameters in the path, decoded. */
  pathValues: Readonly<Record<string, string>>;
}

export function proveParameters(
  operation: FoundOperation,
  request: ContractRequest,
  keys: ReadonlySet<string>,
): PlaceVerdict[] {
  const described = operation.parameters.filter((parameter) => !isDescribedElsewhere(parameter));
  const parameters = described.map((parameter) => describeParameter(operation.schemas.document, parameter));
  const given = givenIn(operation, request, keys);
  const findings = parameters.flatMap((parameter) => {
    const others = parameters.filter((other) => other.in === parameter.in);
    return proveParameter(operation, parameter, given[parameter.in], others);
  });
  return [...findings, ...proveQueryNames(operation, given.query, parameters)];
}

/** What a request gives in each place. */
function givenIn(
  { pathValues }: FoundOperation,
  request: ContractRequest,
  keys: ReadonlySet<string>,
): Record<ReadableParameter['in'], Texts> {
  const query = [...request.query].filter(([name]) => !keys.has(name));
  return {
    path: new Map(Object.entries(pathValues).map(([name, text]) => [name, [text]])),
    query: new Map(query.map(([name, texts]) => [name, texts.map((text) => text ?? '')])),
    header: new Map([...request.headers].map(([name, { values }]) => [name, [values.join(', ')]])),
    cookie: new Map([...cookiesOf(request)].map(([name, text]) => [name, [text]])),
  };
}

const separators: Readonly<Record<string, string>> = { form: ',', spaceDelimited: '%20', pipeDelimited: '|' };

function proveParameter(
  operation: FoundOperation,
  parameter: ReadableParameter,
  given: Texts,
  others: readonly ReadableParameter[],
): PlaceVerdict[] {
  const { name, schema, steps, in: where, style, explode } = parameter;
  const rule = where === 'header' ? 'header' : 'parameter';
  const at = { place: placeOf(where, nameOf(operation, parameter)), pointer: toPointer(steps), rule };
  const what = `${where === 'header' ? 'header' : `${where} parameter`} ${nameOf(operation, parameter)}`;
  const allowed = holds(at, `The specification allows the ${what} of the request.`);
  const texts = given.get(name);
  if (parameter.allowsEmpty && texts?.join('') === '') return [allowed];
  if (texts && (!schema || parameter.json)) return [proveContent(operation, steps, texts, at)];
  const values = schema && operation.parameterValues.valuesOf({ ...parameter, schema }, given, others);
  if (!schema || !values) {
    if (!parameter.required) return [];
    return [broken(at, `The specification requires the ${what}; the request does not send it.`)];
  }
  const written = `style ${style}, explode ${explode}`;
  if (texts && texts.length > 1 && !explode && separators[style] !== undefined) {
    const sentence =
      `The request sends the ${what} ${texts.length} times; by the specification (${written}) it has all its values in one. ` +
      `Send ${name}=${texts.join(separators[style])}, or describe it with explode true.`;
    return [broken(at, sentence)];
  }
  const sent = texts ?? [...given].flatMap(([key, each]) => each.map((text) => `${key}=${text}`));
  if (values.length === 0)
    return [
      broken(at, `The request sends ${quoteValue(sent.join(', '))} for the ${what}, which is not of ${written}.`),
    ];
  const complaints = values.map((value) => operation.requests.complaintOfTexts(schema, value));
  if (complaints.includes(undefined)) {
    const isNested =
      style === 'deepObject' && [...given.keys()].some((key) => key.startsWith(`${name}[`) && /\]\[/.test(key));
    const open = `OpenAPI does not define how style deepObject nests, as the ${what} does. Describe it with \`content\`, or send it flat.`;
    return [isNested ? undecided(at, open) : allowed];
  }
  if (complaints.includes('unusable'))
    return [
      undecided(at, `It was not decided whether the specification allows the ${what}: its schema cannot be used.`),
    ];
  const [complaint] = complaints;
  const why =
    typeof complaint === 'object' && complaint.path !== '$' ? ` (at ${complaint.path}: ${complaint.words})` : '';
  const sentence = `The request sends ${quoteValue(sent.join(', '))} for the ${what}, which the specification does not allow${why}.`;
  return [broken(at, sentence)];
}

/** The name as the document has it. */
function nameOf({ schemas }: FoundOperation, { steps, name }: ReadableParameter): string {
  return textAt(partAt(schemas.document, steps)?.fields, 'name') ?? name;
}

/** A parameter whose value is a document of its own. */
function proveContent(
  { requests }: FoundOperation,
  steps: Steps,
  [text = '']: readonly string[],
  at: At,
): PlaceVerdict {
  const [[type = 'no media type', media] = []] = partsBelow(requests.document, [...steps, 'content']);
  const value = parseJson(text);
  const complaint: Complaint =
    media?.fields['schema'] !== undefined && isJson(type)
      ? requests.complaint([...media.steps, 'schema'], value === undefined ? text : value)
      : 'unusable';
  if (complaint === undefined) return holds(at, 'The specification allows this value of the parameter.');
  if (complaint === 'unusable')
    return undecided(at, `The value of the parameter is described as ${type}, which is not checked here.`);
  return broken(at, `The specification does not allow this value of the parameter: ${complaint.words}.`);
}

export function cookiesOf({ headers }: ContractRequest): Map<string, string> {
  return parseCookies((headers.get('cookie')?.values ?? []).join('; '));
}

function placeOf(where: string, name: string): string {
  if (where === 'path') return '$.request.path';
  return `$.request.${where === 'query' ? 'query' : 'headers'}${writePath([where === 'cookie' ? 'Cookie' : name])}`;
}

function proveQueryNames(
  { steps, parameterValues }: FoundOperation,
  query: Texts,
  parameters: readonly ReadableParameter[],
): PlaceVerdict[] {
  const known = parameters.filter((parameter) => parameter.in === 'query');
  return [...query.keys()].flatMap((name) => {
    if (known.some((parameter) => parameterValues.covers(parameter, name))) return [];
    const at = { place: placeOf('query', name), pointer: toPointer(steps), rule: 'parameter' };
    const plain = name.replace(/\[\]$/, '');
    const hint = known.some((each) => each.name === plain && name !== plain)
      ? ` It describes ${plain}: send that name, or describe ${name}.`
      : '';
    const sentence = `The request sends the query parameter ${name}, which the specification does not describe.${hint}`;
    return [broken(at, sentence)];
  });
}
