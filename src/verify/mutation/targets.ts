import type { Api } from '../../openapi/api.ts';
import { valueAt } from '../../util/json.ts';
import { follow } from '../../openapi/look-up.ts';
import type { Operation } from '../../spec/operation.ts';
import type { AnswerPlace } from '../../contract/strength/answer-place.ts';
import { fieldsOf, type FieldPlace } from '../../contract/strength/fields.ts';
import { isObject } from './json.ts';

/** The specification that is mutated, and what there is to mutate. */
export interface Subject {
  readonly api: Api;
  readonly answers: readonly AnswerPlace[];
  /** Every place of the body of every answer, from the outside in. */
  readonly fields: readonly FieldPlace[];
}

export function subjectOf(api: Api): Subject {
  const answers = api.operations.flatMap((operation) =>
    operation.statuses.map((status) => readAnswer(api, operation, status)),
  );
  return { api, answers, fields: answers.flatMap((answer) => fieldsOf(api.document, answer)) };
}

function readAnswer({ document }: Api, operation: Operation, status: string): AnswerPlace {
  const steps = ['paths', operation.path, operation.method, 'responses', status];
  const read = (key: string): string[] => {
    const found = valueAt(document, follow(document, [...steps, key]));
    return isObject(found) ? Object.keys(found) : [];
  };
  const types = read('content');
  const json = types.find((type) => /^application\/(.+\+)?json\b/i.test(type));
  const schema = json === undefined ? undefined : [...steps, 'content', json, 'schema'];
  return {
    operation,
    status,
    steps,
    mediaType: json ?? types[0],
    schema: schema && valueAt(document, follow(document, schema)) !== undefined ? schema : undefined,
    headers: read('headers'),
  };
}
