import type { MediaType, OpenApiDocument, PathItem } from '../../openapi/document.ts';
import { lookUp } from '../../openapi/look-up.ts';
import type { Operation } from '../../spec/operation.ts';
import { successMediaType, successStatus } from '../../openapi/responses.ts';

/** The examples that a specification gives of an operation's successful answer. */
export function successExamples(document: OpenApiDocument, operation: Operation): unknown[] {
  const { path, method } = operation;
  const item = document.paths?.[path];
  const response = item && lookUp<PathItem>(document, item)[method]?.responses?.[successStatus(operation) ?? ''];
  const type = successMediaType(document, operation) ?? '';
  const { example, examples = {} }: MediaType = (response && lookUp(document, response).content?.[type]) ?? {};
  const named = Object.values(examples).map((each) => lookUp<{ value?: unknown }>(document, each).value);
  return [example, ...named].filter((each) => each !== undefined);
}
