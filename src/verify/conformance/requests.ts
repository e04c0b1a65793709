import type { OpenApiDocument } from '../../openapi/document.ts';
import { follow, partAt } from '../../openapi/look-up.ts';
import { findResponse } from '../../openapi/responses.ts';
import type { Operation, OperationParameter } from '../../openapi/operations.ts';
import {
  isDescribedElsewhere,
  plainText,
  styleOf,
  writtenTexts,
  type ParameterStyle,
} from '../../openapi/parameters.ts';
import type { Steps } from '../../openapi/schema.ts';
import { fillTemplate } from '../../openapi/path-template.ts';
import { entriesOf, valueAt } from '../../util/json.ts';
import { isForm, isJson } from '../../util/media-type.ts';
import type { ProviderRequest } from '../provider/exchange.ts';
import { withPresented, type Credential } from '../provider/present.ts';

export interface RequestDraft {
  operation: Operation;
  parameters: readonly { parameter: DescribedParameter; value: unknown }[];
  body?: { type: string | undefined; bytes: Buffer } | undefined;
  presented?: readonly Credential[] | undefined;
  method?: string;
}

/** @param at gives the URL of a path below the operation's server; the token endpoint may be elsewhere. */
export function toRequest(draft: RequestDraft, at: (path: string) => URL): ProviderRequest {
  const { operation, parameters, body, presented = [] } = draft;
  const of = (place: DescribedParameter['in']): [string, string][] =>
    parameters
      .filter(({ parameter }) => parameter.in === place)
      .flatMap(({ parameter, value }) => writtenTexts(parameter, parameter.name, value));
  const path = fillTemplate(operation.path, Object.fromEntries(of('path')));
  const url = at(path);
  for (const [name, value] of of('query')) url.searchParams.append(name, value);
  const cookies = of('cookie').map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const request = {
    method: draft.method ?? operation.method.toUpperCase(),
    url,
    headers: [
      'Accept',
      '*/*',
      ...of('header').flat(),
      ...(cookies.length > 0 ? ['Cookie', cookies.join('; ')] : []),
      ...(body?.type === undefined ? [] : ['Content-Type', body.type]),
    ],
    body: body?.bytes,
  };
  return withPresented(request, presented);
}

export function writeBody(type: string, value: unknown): Buffer {
  if (!isForm(type)) return Buffer.from(JSON.stringify(value));
  const fields = entriesOf(value).map(([name, each]): [string, string] => [name, plainText(each)]);
  return Buffer.from(new URLSearchParams(fields).toString());
}

export interface DescribedParameter extends OperationParameter, ParameterStyle {
  schema: Steps;
}

/** The parameters that have a schema. */
export function describeParameters(document: OpenApiDocument, { parameters }: Operation): DescribedParameter[] {
  return parameters.flatMap((parameter) => {
    const { schema, ...fields } = partAt(document, parameter.steps)?.fields ?? {};
    if (schema === undefined || isDescribedElsewhere(parameter)) return [];
    return { ...parameter, ...styleOf(fields), schema: follow(document, [...parameter.steps, 'schema']) };
  });
}

/** The body that an operation takes, in the first media type that can be written here. */
export interface DescribedBody {
  required: boolean;
  type: string;
  /** Of the media type. */
  steps: Steps;
  schema: Steps;
}

export function describeBody(document: OpenApiDocument, operation: Operation): DescribedBody | undefined {
  const body = follow(document, [...operation.steps, 'requestBody']);
  const type = operation.requestTypes.find((each) => isJson(each) || isForm(each));
  if (type === undefined) return undefined;
  const steps = follow(document, [...body, 'content', type]);
  if (valueAt(document, [...steps, 'schema']) === undefined) return undefined;
  const required = valueAt(document, [...body, 'required']) === true;
  return { required, type, steps, schema: follow(document, [...steps, 'schema']) };
}

export function answerTypes(document: OpenApiDocument, operation: Operation, status: number): string[] {
  const steps = findResponse(document, operation, status)?.response.steps;
  return entriesOf(steps && valueAt(document, follow(document, [...steps, 'content']))).map(([type]) => type);
}
