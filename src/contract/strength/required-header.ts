import type { OpenApiDocument } from '../../openapi/document.ts';
import { valueAt } from '../../util/json.ts';
import { follow } from '../../openapi/look-up.ts';
import type { AnswerPlace } from './answer-place.ts';

/** Whether the specification promises a header of an answer. */
export function isRequiredHeader(document: OpenApiDocument, { steps }: AnswerPlace, name: string): boolean {
  return valueAt(document, follow(document, [...steps, 'headers', name, 'required'])) === true;
}
