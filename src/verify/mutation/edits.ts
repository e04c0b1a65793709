import { parseJson } from '../../mock/parse-json.ts';
import { documentedStatus, type AnswerPlace } from '../../contract/strength/answer-place.ts';
import type { Answer } from '../../contract/strength/exchange.ts';
import { changeAt, type Reach } from './json.ts';
import type { FieldPlace } from '../../contract/strength/fields.ts';
import type { Change } from './mutant.ts';

/** Changes the answers of one operation that fall under one documented status. */
export function answering({ operation, status }: AnswerPlace, change: (answer: Answer) => Answer): Change {
  return (exchange) => {
    const { answer } = exchange;
    const concerned =
      exchange.operation === operation.id && documentedStatus(operation.statuses, answer.status) === status;
    return concerned ? change(answer) : answer;
  };
}

/** Changes the JSON of such answers. */
export function answeringJson(place: AnswerPlace, change: (body: unknown) => unknown): Change {
  return answering(place, (answer) => {
    const body = parseJson(answer.body);
    if (body === undefined) return answer;
    const changed = JSON.stringify(change(body));
    return changed === JSON.stringify(body) ? answer : { ...answer, body: changed };
  });
}

/** Changes what stands at one place of the JSON of such answers. */
export function answeringAt(
  { answer, data }: FieldPlace,
  change: (value: unknown) => unknown,
  reach: Reach = 'all',
): Change {
  return answeringJson(answer, (body) => changeAt(body, data, change, reach));
}

/** Another answer to every request for an operation, or only to those that succeeded. */
export function answeringInstead(operation: string, which: 'all' | 'successful', other: Answer): Change {
  return ({ operation: own, answer }) =>
    own === operation && (which === 'all' || isSuccessful(answer)) ? other : answer;
}

/** A refusal that says no more than it must. */
export function refusal(status: number, body: object = {}): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export function isSuccessful({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}
