import type { OpenApiDocument } from '../../openapi/document.ts';
import { partAt, type Part } from '../../openapi/look-up.ts';
import type { Matched } from '../../openapi/match.ts';
import type { Operation } from '../../openapi/operations.ts';

/** The operation of the specification that a request of a contract is for. */
export interface FoundOperation extends Operation {
  document: OpenApiDocument;
  pathValues: ReadonlyMap<string, string>;
}

export function foundIn(document: OpenApiDocument, { operation, parameters }: Matched<Operation>): FoundOperation {
  return { ...operation, document, pathValues: new Map(Object.entries(parameters)) };
}

export function parametersOf({ document, parameters }: FoundOperation): Part[] {
  return parameters.flatMap(({ steps }) => partAt(document, steps) ?? []);
}
