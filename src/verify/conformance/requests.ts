import type { Operation } from '../../spec/operation.ts';
import { fillTemplate } from '../../openapi/path-template.ts';
import type { ProviderRequest } from '../provider/exchange.ts';
import type { DescribedParameter } from '../../contract/conformance/described.ts';
import { isForm } from '../../contract/conformance/described.ts';

/** A request for an operation, before it has a URL. */
export interface Draft {
  operation: Operation;
  /** Parameters with their values. */
  parameters: readonly { parameter: DescribedParameter; value: unknown }[];
  body?: { type: string | undefined; bytes: Buffer } | undefined;
  /** The `Authorization` header. */
  authorization?: string | undefined;
  /** Another method than the operation's own. */
  method?: string;
}

/** @param at gives the URL of a path of the provider; the token endpoint may be elsewhere. */
export function toRequest(draft: Draft, at: (path: string) => URL): ProviderRequest {
  const { operation, parameters, body, authorization } = draft;
  const of = (place: DescribedParameter['in']): [string, string][] =>
    parameters
      .filter(({ parameter }) => parameter.in === place)
      .flatMap(({ parameter, value }) => pairs(parameter, value));
  const path = fillTemplate(operation.path, Object.fromEntries(of('path')));
  const url = at(operation.serverPath + path);
  for (const [name, value] of of('query')) url.searchParams.append(name, value);
  const cookies = of('cookie').map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return {
    method: draft.method ?? operation.method.toUpperCase(),
    url,
    headers: [
      'Accept',
      '*/*',
      ...of('header').flat(),
      ...(cookies.length > 0 ? ['Cookie', cookies.join('; ')] : []),
      ...(body?.type === undefined ? [] : ['Content-Type', body.type]),
      ...(authorization === undefined ? [] : ['Authorization', authorization]),
    ],
    body: body?.bytes,
  };
}

/** A parameter as it is written, by the styles `form` and `simple` (OpenAPI 3.1, section 4.8.12.4). */
function pairs({ name, explode, in: place }: DescribedParameter, value: unknown): [string, string][] {
  const repeated = explode && (place === 'query' || place === 'cookie');
  if (Array.isArray(value)) {
    return repeated ? value.map((each) => [name, write(each)]) : [[name, value.map(write).join(',')]];
  }
  if (typeof value !== 'object' || value === null) return [[name, write(value)]];
  const fields = Object.entries(value);
  if (repeated) return fields.map(([key, each]) => [key, write(each)]);
  return [[name, fields.map(([key, each]) => (explode ? `${key}=${write(each)}` : `${key},${write(each)}`)).join(',')]];
}

function write(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** A body as it goes over the wire. */
export function writeBody(type: string, value: unknown): Buffer {
  if (!isForm(type)) return Buffer.from(JSON.stringify(value));
  const fields = Object.entries(Object(value)).map(([name, each]): [string, string] => [name, write(each)]);
  return Buffer.from(new URLSearchParams(fields).toString());
}
