import { refuse } from './errors.ts';
import type { RequestRow, UntypedInput } from './types.ts';

/** Arguments for `fetch`. */
export interface Request {
  url: string;
  init: RequestInit & { headers: Record<string, string> };
}

/** A request without parameters and body. */
export function buildPlainRequest(baseUrl: string, { method, path }: RequestRow, _input?: UntypedInput): Request {
  return { url: baseUrl + path, init: { method, headers: { accept: 'application/json' } } };
}

/** @throws InvalidOptionError if a path parameter would lead to another path. */
export function buildRequest(
  baseUrl: string,
  { method, path, type = 'application/json' }: RequestRow,
  { path: inPath = {}, query, header, body }: UntypedInput,
): Request {
  const filled = path.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => {
    const value = String(inPath[name] ?? '');
    // Encoded or not, dots change the path (URL Standard, "double-dot URL path segment").
    if (/^\.{0,2}$/.test(value)) refuse(name, 'is missing or only dots', 'parameter');
    return encodeURIComponent(value);
  });
  // `Headers` validates and merges names. It is slow, so only if needed.
  const own = header && Object.fromEntries(new Headers(Object.fromEntries(present(header))));
  const { url, init } = buildPlainRequest(baseUrl, { method, path: filled });
  const { headers } = init;
  Object.assign(headers, own);
  if (body !== undefined) {
    headers['content-type'] = type;
    init.body = type.endsWith('urlencoded') ? toSearch(body) : JSON.stringify(body);
  }
  const search = query && toSearch(query);
  return { url: url + (search ? `?${search}` : ''), init };
}

export function present<Value>(values: Readonly<Record<string, Value>>): [string, Value][];
export function present(values: unknown): [string, unknown][];
export function present(values: unknown): [string, unknown][] {
  const entries: [string, unknown][] = Object.entries(values ?? {});
  return entries.filter(([, value]) => value !== undefined && value !== null);
}

/** Repeats the name for each element of a list, OpenAPI's default for queries and forms. */
export function toSearch(values: unknown): string {
  const search = new URLSearchParams();
  for (const [name, value] of present(values)) {
    for (const each of [value].flat()) search.append(name, String(each));
  }
  return search.toString();
}

/** The value of a JSON text, or undefined if it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
