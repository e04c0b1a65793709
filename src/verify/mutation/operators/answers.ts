import { answering, answeringAt, answeringJson, rewriteObject, typeOf } from '../edits.ts';
import { renamed, without } from '../json.ts';
import type { RecordedResponse, Operator } from '../mutant.ts';
import { isRequiredHeader, isSuccess, type AnswerPlace, type Subject } from '../targets.ts';
import { answerOperator, fieldOperator, type AnswerMutation } from './define.ts';

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

/** Other statuses that a provider may come to answer instead. */
const otherStatuses: Readonly<Record<string, number>> = {
  200: 202,
  201: 200,
  204: 200,
  400: 422,
  401: 403,
  403: 404,
  404: 410,
  422: 400,
  503: 500,
};

/** Operators on statuses and headers. */
export const statusOperators: Operator[] = [
  answerOperator('status swap', 'the status', (subject, answer) => (isSuccess(answer) ? swapped(subject, answer) : [])),
  answerOperator('error status swap', 'the status', (subject, answer) =>
    isSuccess(answer) ? [] : swapped(subject, answer),
  ),
  answerOperator('error as 200', 'the status', ({ api }, answer) => {
    if (isSuccess(answer)) return [];
    return [
      {
        specification: rewriteObject(api.document, answer.steps.slice(0, -1), (all) => without(all, answer.status)),
        change: answering(answer, (each) => ({ ...each, status: 200 })),
      },
    ];
  }),
  answerOperator('redirect', 'the status', (_subject, answer) => {
    const elsewhere: RecordedResponse = { status: 302, headers: { location: 'https://elsewhere.invalid/' }, body: '' };
    return isSuccess(answer) ? [{ change: answering(answer, () => elsewhere) }] : [];
  }),
  answerOperator('header removed', 'the header', ({ api: { document } }, answer) =>
    answer.headers.map((name) => ({
      part: name,
      steps: [...answer.steps, 'headers', name],
      ...(isRequiredHeader(document, answer, name) && {
        specification: rewriteObject(document, [...answer.steps, 'headers'], (headers) => without(headers, name)),
      }),
      change: answering(answer, (each) => ({ ...each, headers: withoutHeader(each.headers, name) })),
    })),
  ),
];

function swapped({ api }: Subject, answer: AnswerPlace): AnswerMutation[] {
  const { status, steps, operation } = answer;
  const other = otherStatuses[status] ?? (status.startsWith('5') || !/^\d+$/.test(status) ? 500 : 418);
  const documented = operation.statuses.includes(String(other));
  return [
    {
      specification: rewriteObject(api.document, steps.slice(0, -1), (all) =>
        documented ? without(all, status) : renamed(all, status, String(other)),
      ),
      change: answering(answer, (each) => ({ ...each, status: other })),
    },
  ];
}

function withoutHeader(headers: RecordedResponse['headers'], name: string): RecordedResponse['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name.toLowerCase()));
}
