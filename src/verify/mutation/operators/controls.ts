import type { Api } from '../../../openapi/api.ts';
import { follow } from '../../../openapi/look-up.ts';
import { answering, answeringAt, answeringJson, isNullable, rewriteObject, typeOf } from '../edits.ts';
import { changeAt, everyItem, fieldsIn, isObject, itemsIn } from '../json.ts';
import type { MutantDraft, Operator } from '../mutant.ts';
import type { FieldPlace, Subject } from '../targets.ts';
import { answerOperator, fieldOperator } from './define.ts';

/** Another value that the schema of a place allows, null and what has parts of its own aside; the same where none is found. */
function otherValue(api: Api, { steps }: FieldPlace, value: unknown): unknown {
  const place = follow(api.document, steps);
  return candidates(value).find((other) => api.schemas.check(place, other).length === 0) ?? value;
}

function candidates(value: unknown): unknown[] {
  if (typeof value === 'number') return [value + 1, value - 1];
  if (typeof value === 'boolean') return [!value];
  if (typeof value !== 'string') return [];
  const texts = [`${value} and more`, `${value}x`, '2020-02-03T04:05:06Z', '2020-02-03'];
  return [...texts, 'other@example.com', '0b8fa4a0-5a5c-4f5e-9d3a-6b1f6d6c1a2b'];
}

/** Changes of the specification alone that break no caller. */
const specificationControls: Operator[] = [
  control('optional input added', ({ api: { document, operations } }) =>
    operations.map(({ id, path, method }) => {
      const steps = ['paths', path, method];
      const parameter = { name: 'newInput', in: 'query', required: false, schema: { type: 'string' } };
      const specification = rewriteObject(document, steps, (each) => ({
        ...each,
        parameters: [...itemsIn(each['parameters']), parameter],
      }));
      return { operation: id, place: 'query newInput', steps, specification };
    }),
  ),
  control('operation added', ({ api: { document, operations } }) => {
    const operation = { operationId: 'newOperation', security: [], responses: { 204: { description: 'Done.' } } };
    return [
      {
        operation: operations[0]?.id ?? '',
        place: '/new-operation',
        steps: ['paths'],
        specification: rewriteObject(document, ['paths'], (paths) => ({
          ...paths,
          '/new-operation': { get: operation },
        })),
      },
    ];
  }),
  control('other words', ({ api: { document }, answers }) =>
    answers.map(({ operation, status, steps }) => ({
      operation: operation.id,
      place: `${status} description`,
      steps,
      specification: rewriteObject(document, steps, (each) => ({ ...each, description: 'Said in other words.' })),
    })),
  ),
  control('promised now', ({ api: { document }, fields }) =>
    fields.flatMap(({ answer, data, steps, property }) => {
      if (!property || property.required) return [];
      const specification = rewriteObject(document, property.holder, (schema) => ({
        ...schema,
        required: [...itemsIn(schema['required']), property.name],
      }));
      return [{ operation: answer.operation.id, place: `${answer.status} ${data.join('.')}`, steps, specification }];
    }),
  ),
];

function control(name: string, mutate: (subject: Subject) => Omit<MutantDraft, 'cure'>[]): Operator {
  const cure = 'a comparison of specifications that calls this no break';
  return { name, expected: 'accepted', mutate: (subject) => mutate(subject).map((draft) => ({ ...draft, cure })) };
}

const cure = 'a matcher that demands no more than the specification promises';

/** Changes that the specification allows, or that break no caller: a check that refuses one of them raises false alarms. */
export const controlOperators: Operator[] = [
  fieldOperator(
    'extra field',
    cure,
    (document, { answer, data, steps, schema }) => {
      if (typeOf(schema) !== 'object' || schema['additionalProperties'] === false) return undefined;
      return {
        specification: rewriteObject(document, steps, (each) => ({
          ...each,
          properties: { ...fieldsIn(each['properties']), new_field: { type: 'string' } },
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
          headers: { ...fieldsIn(each['headers']), 'X-New': { schema: { type: 'string' } } },
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
