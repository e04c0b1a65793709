import type { IncomingHttpHeaders } from 'node:http';
import type { Api } from '../../openapi/api.ts';
import { partAt, partsBelow, type Part } from '../../openapi/look-up.ts';
import type { Operation } from '../../openapi/operations.ts';
import {
  describeParameter,
  isDescribedElsewhere,
  ParameterReader,
  schemaOfPart,
  textsByName,
  type ReadableParameter,
  type Texts,
} from '../../openapi/parameters.ts';
import { SchemaReader, type Steps } from '../../openapi/schema.ts';
import { TextValues } from '../../openapi/values/text-values.ts';
import { Problem } from '../../util/errors.ts';
import { decodeForm, decodePercent, parseCookies } from '../../util/http.ts';
import { fromPointer, parseJson } from '../../util/json.ts';
import { essence, findMediaType, isForm, isJson } from '../../util/media-type.ts';
import { parseMultipart } from '../../util/multipart.ts';
import {
  deprecated,
  describeWrong,
  unsupported,
  wrong,
  type RequestViolation,
  type Wrong,
} from './request-violation.ts';

/** The parts of a request that are judged. */
export interface JudgedRequest {
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Of the path, decoded. */
  parameters: Readonly<Record<string, string>>;
  body: Buffer;
}

interface Parameter extends ReadableParameter {
  deprecated: boolean;
}

interface Plan {
  parameters: Parameter[];
  body: { required: boolean; types: Map<string, Part> } | undefined;
}

const places = ['header', 'query', 'path', 'cookie'] as const;

/** Violations of one request that are told. */
const mostViolations = 50;

/** Finds what in a request violates the specification. What cannot be judged is no violation. */
export class RequestJudge {
  readonly #document: Api['document'];
  readonly #schemas: Api['schemas'];
  readonly #values: TextValues;
  readonly #parameters: ParameterReader;
  readonly #plans = new WeakMap<Operation, Plan>();

  constructor({ document, schemas }: Pick<Api, 'document' | 'schemas'>) {
    this.#document = document;
    this.#schemas = schemas;
    this.#values = new TextValues(new SchemaReader(document));
    this.#parameters = new ParameterReader(this.#values);
  }

  /** @returns undefined where the body or its media type cannot be read. */
  judge(operation: Operation, request: JudgedRequest): RequestViolation[] | undefined {
    // A token URL may be none of the document's operations.
    if (operation.steps.length === 0) return [];
    const plan = this.#plans.get(operation) ?? this.#plan(operation);
    this.#plans.set(operation, plan);
    const body = this.#body(plan, request);
    if (!body || plan.parameters.length === 0) return body?.slice(0, mostViolations);
    const texts = {
      query: textsByName(request.query),
      path: textsByName(Object.entries(request.parameters)),
      cookie: textsByName(
        [...parseCookies(request.headers.cookie ?? '')].map(([name, text]) => [name, decodePercent(text)]),
      ),
      header: textsByName(
        Object.entries(request.headers).map(([name, value = '']) => [name, [value].flat().join(', ')]),
      ),
    };
    const all = [...body, ...places.flatMap((place) => this.#place(place, plan.parameters, texts[place]))];
    return all.slice(0, mostViolations);
  }

  #plan({ steps, parameters }: Operation): Plan {
    const body = partAt(this.#document, [...steps, 'requestBody']);
    const described = parameters.filter((parameter) => !isDescribedElsewhere(parameter));
    return {
      parameters: described.map((parameter) => ({
        ...describeParameter(this.#document, parameter),
        deprecated: partAt(this.#document, parameter.steps)?.fields['deprecated'] === true,
      })),
      body: body && {
        required: body.fields['required'] === true,
        types: partsBelow(this.#document, [...body.steps, 'content']),
      },
    };
  }

  #place(place: (typeof places)[number], parameters: readonly Parameter[], given: Texts): RequestViolation[] {
    const missing: RequestViolation[] = [];
    const others: RequestViolation[] = [];
    const warnings: RequestViolation[] = [];
    const own = parameters.filter((parameter) => parameter.in === place);
    for (const parameter of own) {
      const { name } = parameter;
      const texts = given.get(name);
      const found = this.#parameter(parameter, texts, given, own);
      // An empty text is a value where the schema allows it, and none where it does not.
      if (found?.length === 0 || (found && texts?.join('') !== '')) {
        others.push(...found.map((error) => describeWrong(error, place, name)));
      } else if (parameter.required) {
        missing.push(describeWrong(wrong('required', `must have required property '${name.toLowerCase()}'`), place));
      }
      if (texts && parameter.deprecated) warnings.push(deprecated(place, name));
    }
    return [...missing, ...others, ...warnings];
  }

  /** What is wrong with the value of a parameter; undefined where it has none. */
  #parameter(
    parameter: Parameter,
    texts: readonly string[] | undefined,
    given: Texts,
    others: readonly Parameter[],
  ): Wrong[] | undefined {
    const { schema, json, allowsEmpty } = parameter;
    if (!schema || (allowsEmpty && texts?.join('') === '')) return texts && [];
    if (json) {
      const value = texts && parseJson(texts[0] ?? '');
      return texts && (value === undefined ? [wrong('content', 'must be JSON')] : this.#check(schema, value));
    }
    const values = this.#parameters.valuesOf({ ...parameter, schema }, given, others);
    return values?.length === 0
      ? [wrong('style', `must be written in the style ${parameter.style}`)]
      : values && this.#checkTexts(schema, values);
  }

  #body({ body: described }: Plan, { headers, body }: JudgedRequest): RequestViolation[] | undefined {
    const contentType = headers['content-type'];
    if (contentType !== undefined && !isMediaType(contentType)) return undefined;
    const json = contentType !== undefined && isJson(contentType) && body.length > 0 ? parseJson(body) : null;
    if (json === undefined) return undefined;
    const missing: RequestViolation = { code: 'required', message: 'Body parameter is required', severity: 'Error' };
    if (body.length === 0) return described?.required ? [missing] : [];
    if (!described) return [unsupported('No supported content types, but request included a non-empty body')];
    const types = [...described.types.keys()];
    const type = contentType === undefined ? types[0] : findMediaType(types, contentType);
    if (type === undefined) {
      return types.length === 0 ? [] : [unsupported(`Supported content types: ${types.join(',')}`)];
    }
    const media = described.types.get(type);
    const schema = media && schemaOfPart(media);
    if (!schema) return [];
    const sent = contentType ?? type;
    if (isJson(sent)) {
      const found = this.#check(schema, contentType === undefined ? body.toString() : json);
      // Prism takes `null`, `false`, `0` and `""` for no body.
      return found.length > 0 && described.required && !json && contentType !== undefined
        ? [missing]
        : found.map((error) => describeWrong(error, 'body'));
    }
    const found = this.#textBody(sent, schema, media, body);
    return found?.map((error) => describeWrong(error, 'body'));
  }

  /** What is wrong with a body other than JSON; undefined where it is not of its media type. */
  #textBody(type: string, schema: Steps, media: Part, body: Buffer): Wrong[] | undefined {
    if (isForm(type)) {
      const fields = readForm(body.toString());
      return fields && this.#form(schema, media, fields);
    }
    if (essence(type) === 'multipart/form-data') {
      const parts = parseMultipart(type, body);
      if (parts && parts.length > mostFields) return undefined;
      const types = new Map(parts?.map((part) => [part.name, part.type]));
      return (
        parts &&
        this.#form(
          schema,
          media,
          parts.map(({ name, text }) => [name, text]),
          types,
        )
      );
    }
    const isText = type.startsWith('text/') && this.#values.types([schema]).has('string');
    return isText ? this.#check(schema, body.toString()) : [];
  }

  /** @param types the media types of parts. */
  #form(
    schema: Steps,
    media: Part,
    pairs: [string, string][],
    types: ReadonlyMap<string, string | undefined> = new Map(),
  ): Wrong[] {
    const form = this.#parameters.formOf(this.#document, media, pairs);
    const encodings = partsBelow(this.#document, [...media.steps, 'encoding']);
    const unjudged = new Set(
      Object.keys(form).filter((name) => {
        const type = types.get(name) ?? encodings.get(name)?.fields['contentType'];
        return typeof type === 'string' && !isJson(type) && essence(type) !== 'text/plain';
      }),
    );
    const found = this.#checkTexts(schema, [form]);
    return found.filter(({ instancePath }) => !unjudged.has(fromPointer(instancePath)[0] ?? ''));
  }

  /** What is wrong with the first of the values that texts may stand for, if none of them is right. */
  #checkTexts(schema: Steps, values: readonly unknown[]): Wrong[] {
    const found: Wrong[][] = [];
    for (const value of values) {
      const asTexts = this.#check(schema, structuredClone(value), true);
      // A text such as "1" is a string and a number; `oneOf` allows only one of the two.
      if (asTexts.length === 0 || this.#check(schema, value).length === 0) return [];
      found.push(asTexts);
    }
    return found[0] ?? [];
  }

  #check(schema: Steps, value: unknown, asTexts = false): Wrong[] {
    try {
      return this.#schemas.checkRequest(schema, value, asTexts);
    } catch (error) {
      if (error instanceof Problem) return [];
      throw error;
    }
  }
}

const mostFields = 10_000;

/** The fields of a form; undefined where the name of one has an invalid escape, or where there are too many. */
function readForm(text: string): [string, string][] | undefined {
  const pairs = text.split('&', mostFields + 1);
  if (pairs.length > mostFields) return undefined;
  try {
    return pairs.flatMap((pair): [string, string][] => {
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      return pair === '' ? [] : [[decodeURIComponent(name.replaceAll('+', ' ')), decodeForm(value)]];
    });
  } catch {
    return undefined;
  }
}

function isMediaType(text: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+$/.test(essence(text));
}
