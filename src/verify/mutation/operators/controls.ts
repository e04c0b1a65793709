import { answering, answeringAt, answeringJson } from '../edits.ts';
import { changeAt, everyItem, isObject } from '../json.ts';
import type { Operator } from '../mutant.ts';
import { rewriteObject } from '../../../contract/strength/rewrite.ts';
import { isNullable, typeOf } from '../../../contract/strength/schemas.ts';
import { answerOperator } from '../../../contract/strength/operators/answer-operator.ts';
import { fieldOperator } from './define.ts';
import { otherValue } from '../../../contract/strength/operators/other-value.ts';
import { specificationControls } from '../../../contract/strength/operators/specification-controls.ts';

const cure = 'a matcher that demands no more than the specification promises';

/** Changes that the specification allows, or that break nobody: a net that refuses one of them raises false alarms. */
export const controlOperators: Operator[] = [
  fieldOperator(
    'extra field',
    cure,
    (document, { answer, data, steps, schema }) => {
      if (typeOf(schema) !== 'object' || schema['additionalProperties'] === false) return undefined;
      const properties = (known: unknown): object => ({ ...Object(known ?? {}), new_field: { type: 'string' } });
      return {
        specification: rewriteObject(document, steps, (each) => ({
          ...each,
          properties: properties(each['properties']),
        })),
        change: answeringJson(answer, (body) =>
          changeAt(body, data, (value) => (isObject(value) ? { ...value, new_field: 'new' } : value)),
        ),
      };
    },
    'accepted',
  ),
  answerOperator(
    'other values',
    cure,
    ({ api, fields }, answer) => {
      const own = fields.filter((field) => field.answer === answer);
      if (own.length === 0) return [];
      const edit = (body: unknown): unknown =>
        own.reduce((value, field) => changeAt(value, field.data, (each) => otherValue(api, field, each)), body);
      return [{ change: answeringJson(answer, edit) }];
    },
    'accepted',
  ),
  fieldOperator(
    'more items',
    cure,
    (_document, field) => {
      if (typeOf(field.schema) !== 'array' || 'maxItems' in field.schema || 'uniqueItems' in field.schema)
        return undefined;
      return { change: answeringAt(field, (value) => (Array.isArray(value) ? [...value, ...value.slice(-1)] : value)) };
    },
    'accepted',
  ),
  fieldOperator(
    'reordered',
    cure,
    (_document, field) => {
      const type = typeOf(field.schema);
      if (type !== 'array' && type !== 'object') return undefined;
      return { change: answeringAt(field, reversed) };
    },
    'accepted',
  ),
  fieldOperator(
    'null where allowed',
    cure,
    (_document, { answer, data, schema }) => {
      const last = data.lastIndexOf(everyItem);
      if (!isNullable(schema) || last === -1) return undefined;
      const rest = data.slice(last + 1);
      return {
        change: answeringJson(answer, (body) => changeAt(body, data.slice(0, last), (list) => oneMoreNull(list, rest))),
      };
    },
    'accepted',
  ),
  answerOperator(
    'charset',
    cure,
    (_subject, answer) =>
      answer.schema
        ? [
            {
              change: answering(answer, (each) => ({
                ...each,
                headers: { ...each.headers, 'content-type': `${answer.mediaType}; charset=utf-8` },
              })),
            },
          ]
        : [],
    'accepted',
  ),
  answerOperator(
    'extra header',
    cure,
    ({ api }, answer) => [
      {
        specification: rewriteObject(api.document, answer.steps, (each) => ({
          ...each,
          headers: { ...Object(each['headers'] ?? {}), 'X-New': { schema: { type: 'string' } } },
        })),
        change: answering(answer, (each) => ({ ...each, headers: { ...each.headers, 'x-new': 'new' } })),
      },
    ],
    'accepted',
  ),
  ...specificationControls,
];

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.toReversed();
  return isObject(value) ? Object.fromEntries(Object.entries(value).toReversed()) : value;
}

/** Only where there is null already: a provider state may say that there is none. */
function oneMoreNull(list: unknown, rest: readonly string[]): unknown {
  if (!Array.isArray(list)) return list;
  const nulls = list.filter((item) => JSON.stringify(changeAt(item, rest, () => null)) === JSON.stringify(item));
  return nulls.length > 0 ? [...list, nulls[0]] : list;
}
