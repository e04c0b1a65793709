import type { Server } from '../openapi/document.ts';

/**
 * The first server as a URL, its variables at their defaults. A document without servers, or with a relative one,
 * stands at `http://localhost`, as OpenAPI leaves it to the place where the document was found.
 */
export function serverUrl(servers: Server[] | undefined): URL {
  const [first = { url: '/' }] = servers ?? [];
  const url = first.url.replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => first.variables?.[name]?.default ?? whole);
  return new URL(url, 'http://localhost');
}
