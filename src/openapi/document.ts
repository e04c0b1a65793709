/**
 * The parts of an OpenAPI 3.0 or 3.1 document that the toolkit reads. A value has this type only after the official
 * JSON Schema of OpenAPI accepted it (see `read.ts`); what no code reads is left out.
 */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string };
  servers?: Server[];
  security?: SecurityRequirement[];
  paths?: Record<string, PathItem>;
  components?: { securitySchemes?: Record<string, unknown> };
}

export interface Reference {
  $ref: string;
}

export interface Server {
  url: string;
  variables?: Record<string, { default: string }>;
}

export type SecurityRequirement = Record<string, string[]>;

export type Method = (typeof methods)[number];
export const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

export type PathItem = { servers?: Server[]; parameters?: (Parameter | Reference)[] } & Partial<
  Record<Method, OperationObject>
> &
  Partial<Reference>;

export interface OperationObject {
  operationId?: string;
  summary?: string;
  servers?: Server[];
  security?: SecurityRequirement[];
  parameters?: (Parameter | Reference)[];
  requestBody?: RequestBody | Reference;
  responses?: Record<string, Response | Reference>;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header' | 'cookie';
  required?: boolean;
}

export interface RequestBody {
  required?: boolean;
  content?: Record<string, MediaType>;
}

export interface Response {
  content?: Record<string, MediaType>;
}

export interface MediaType {
  schema?: unknown;
  example?: unknown;
  examples?: Record<string, { value?: unknown } | Reference>;
}
