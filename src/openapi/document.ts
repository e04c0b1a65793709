/**
 * An OpenAPI 3.0 or 3.1 document that the official JSON Schema accepted (see `load/validate.ts`). What is below `paths`
 * and `components` is read with `partAt()`, which follows references.
 */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string };
  servers?: Server[];
  security?: unknown[];
  paths?: Record<string, unknown>;
  components?: Record<string, unknown>;
}

export interface Server {
  url: string;
  variables?: Record<string, { default: string }>;
}

export type Method = (typeof methods)[number];
export const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;
