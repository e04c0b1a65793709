import type { OpenApiDocument } from '../../spec/document.ts';
import { valueAt } from '../../spec/json-pointer.ts';
import { follow } from '../../spec/look-up.ts';
import type { AnswerPlace } from './answer-place.ts';

/** Whether the specification promises a header of an answer. */
export function isRequiredHeader(document: OpenApiDocument, { steps }: AnswerPlace, name: string): boolean {
  return valueAt(document, follow(document, [...steps, 'headers', name, 'required'])) === true;
}
