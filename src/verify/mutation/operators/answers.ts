import { typeOf } from '../edits.ts';
import { renamed, without } from '../json.ts';
import type { Operator, RecordedResponse } from '../mutant.ts';
import { isRequiredHeader, isSuccess } from '../targets.ts';
import { answerOperator, fieldOperator } from './define.ts';

export const bodyOperators: Operator[] = [
  answerOperator(
    'envelope',
    'the body',
    ({ schema: at }) => at && { at, edit: (schema) => objectOf('data', schema), body: (data) => ({ data }) },
  ),
  fieldOperator(
    'empty collection',
    'a matcher with at least one item',
    ({ schema }) => typeOf(schema) === 'array' && { value: (value) => (Array.isArray(value) ? [] : value) },
  ),
  answerOperator('error body shape', 'the body', (answer) => {
    if (!answer.schema || isSuccess(answer)) return undefined;
    const errors = { type: 'array', items: objectOf('detail', { type: 'string' }) };
    const body = { errors: [{ detail: 'Something went wrong.' }] };
    return { at: answer.schema, edit: () => objectOf('errors', errors), body: () => body };
  }),
  answerOperator('content type', 'the Content-Type', ({ mediaType, schema, steps }) => {
    if (mediaType === undefined) return undefined;
    const other = schema ? 'text/plain' : 'application/octet-stream';
    return {
      at: [...steps, 'content'],
      edit: (content) => renamed(content, mediaType, other),
      response: (each) => ({ ...each, headers: { ...each.headers, 'content-type': other } }),
    };
  }),
  answerOperator(
    'truncated JSON',
    'the body',
    ({ schema }) =>
      schema && { response: (each) => ({ ...each, body: each.body.slice(0, Math.ceil(each.body.length / 2)) }) },
  ),
];

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

const redirect: RecordedResponse = { status: 302, headers: { location: 'https://elsewhere.invalid/' }, body: '' };

export const statusOperators: Operator[] = [
  swapOperator('status swap', true),
  swapOperator('error status swap', false),
  answerOperator(
    'error as 200',
    'the status',
    (answer) =>
      !isSuccess(answer) && {
        at: answer.steps.slice(0, -1),
        edit: (all) => without(all, answer.status),
        response: (each) => ({ ...each, status: 200 }),
      },
  ),
  answerOperator('redirect', 'the status', (answer) => isSuccess(answer) && { response: () => redirect }),
  answerOperator('header removed', 'the header', (answer, { api }) =>
    answer.headers.map((name) => ({
      part: name,
      steps: [...answer.steps, 'headers', name],
      at: [...answer.steps, 'headers'],
      edit: isRequiredHeader(api.document, answer, name) && ((headers) => without(headers, name)),
      response: (each) => {
        const kept = Object.entries(each.headers).filter(([key]) => key !== name.toLowerCase());
        return { ...each, headers: Object.fromEntries(kept) };
      },
    })),
  ),
];

function swapOperator(name: string, ofSuccess: boolean): Operator {
  return answerOperator(name, 'the status', (answer) => {
    const { status, steps, operation } = answer;
    if (isSuccess(answer) !== ofSuccess) return undefined;
    const other = otherStatuses[status] ?? (status.startsWith('5') || !/^\d+$/.test(status) ? 500 : 418);
    const documented = operation.statuses.includes(String(other));
    return {
      at: steps.slice(0, -1),
      edit: (all) => (documented ? without(all, status) : renamed(all, status, String(other))),
      response: (each) => ({ ...each, status: other }),
    };
  });
}
