import { isSuccess, type AnswerPlace } from '../../../contract/strength/answer-place.ts';
import { answering, answeringAt, answeringJson } from '../edits.ts';
import { renamed } from '../json.ts';
import type { Operator } from '../mutant.ts';
import { rewriteObject } from '../../../contract/strength/rewrite.ts';
import { typeOf } from '../../../contract/strength/schemas.ts';
import { answerOperator } from '../../../contract/strength/operators/answer-operator.ts';
import { fieldOperator } from './define.ts';

/** Operators on bodies as a whole. */
export const bodyOperators: Operator[] = [
  answerOperator('envelope', 'the body', ({ api }, answer) => {
    if (!answer.schema) return [];
    return [
      {
        specification: rewriteObject(api.document, answer.schema, (schema) => objectOf('data', schema)),
        change: answeringJson(answer, (data) => ({ data })),
      },
    ];
  }),
  fieldOperator('empty collection', 'a matcher with at least one item', (_document, field) => {
    if (typeOf(field.schema) !== 'array') return undefined;
    return { change: answeringAt(field, (value) => (Array.isArray(value) ? [] : value)) };
  }),
  answerOperator('error body shape', 'the body', ({ api }, answer) => {
    if (!answer.schema || isSuccess(answer)) return [];
    const errors = { type: 'array', items: objectOf('detail', { type: 'string' }) };
    return [
      {
        specification: rewriteObject(api.document, answer.schema, () => objectOf('errors', errors)),
        change: answeringJson(answer, () => ({ errors: [{ detail: 'Something went wrong.' }] })),
      },
    ];
  }),
  answerOperator('content type', 'the Content-Type', ({ api }, answer) => {
    const { mediaType, steps } = answer;
    if (mediaType === undefined) return [];
    const other = answer.schema ? 'text/plain' : 'application/octet-stream';
    return [
      {
        specification: rewriteObject(api.document, [...steps, 'content'], (content) =>
          renamed(content, mediaType, other),
        ),
        change: answering(answer, ({ headers, ...rest }) => ({
          ...rest,
          headers: { ...headers, 'content-type': other },
        })),
      },
    ];
  }),
  answerOperator('truncated JSON', 'the body', (_subject, answer) =>
    answer.schema ? [{ change: truncated(answer) }] : [],
  ),
];

function truncated(answer: AnswerPlace): ReturnType<typeof answering> {
  return answering(answer, (each) => ({ ...each, body: each.body.slice(0, Math.ceil(each.body.length / 2)) }));
}

function objectOf(name: string, schema: object): Record<string, unknown> {
  return { type: 'object', required: [name], properties: { [name]: schema } };
}
