import { isSuccess, type AnswerPlace } from '../answer-place.ts';
import { answering } from '../../../verify/mutation/edits.ts';
import type { Answer } from '../exchange.ts';
import { renamed, without } from '../../../verify/mutation/json.ts';
import type { Operator } from '../../../verify/mutation/mutant.ts';
import { isRequiredHeader } from '../required-header.ts';
import { rewriteObject } from '../rewrite.ts';
import type { Subject } from '../../../verify/mutation/targets.ts';
import { answerOperator, type AnswerMutation } from './answer-operator.ts';

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
    const elsewhere: Answer = { status: 302, headers: { location: 'https://elsewhere.invalid/' }, body: '' };
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

function withoutHeader(headers: Answer['headers'], name: string): Answer['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name.toLowerCase()));
}
