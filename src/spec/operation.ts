import type { Method, Parameter } from '../openapi/document.ts';

/** One row of the operation table: what the toolkit knows of an operation, all of it from the specification. */
export interface Operation {
  /** The `operationId`, or `method path` where the document gives none. */
  id: string;
  method: Method;
  /** The path as the document has it, with its templates: `/plots/{plotId}`. */
  path: string;
  /** The path of the operation's first server, without a slash at its end: `/api/v1`, or empty. */
  serverPath: string;
  summary?: string | undefined;
  /** What a caller must present, or undefined where the operation is open to all. */
  security: OperationSecurity | undefined;
  /** True for the operation that the client credentials flow's token URL leads to. */
  issuesTokens: boolean;
  parameters: Pick<Parameter, 'name' | 'in' | 'required'>[];
  /** Media types of the request's body, empty where it takes none. */
  requestTypes: string[];
  /** The documented statuses, in order: `['200', '401', 'default']`. */
  statuses: string[];
}

export interface OperationSecurity {
  /** Name of the security scheme. */
  scheme: string;
  type: 'bearer' | 'basic';
  /** Scopes that a bearer token must have; empty where any token will do. */
  scopes: string[];
}
