// The package's own declarations refer to TypeScript sources that this project's settings refuse.
declare module '@stoplight/http-spec/oas3/operation' {
  import type { getHttpOperationsFromSpec } from '@stoplight/prism-http';

  /** The operations of an OpenAPI 3 document as Prism takes them; `$ref`s that lead nowhere stay. */
  export function transformOas3Operations(document: object): Awaited<ReturnType<typeof getHttpOperationsFromSpec>>;
}
