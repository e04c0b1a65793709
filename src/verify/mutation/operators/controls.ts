import type { Api } from '../../../openapi/api.ts';
import { follow } from '../../../openapi/look-up.ts';
import { entriesOf, fieldsOf, isFields, isList } from '../../../util/json.ts';
import { isNullable, rewriteObject, typeOf } from '../edits.ts';
import { changeAt, everyItem, itemsIn } from '../json.ts';
import type { MutantDraft, Operator } from '../mutant.ts';
import type { FieldPlace, Subject } from '../targets.ts';
import { answerOperator, fieldOperator, onFields } from './define.ts';

/** Another value that the schema of a place allows, null and values with parts aside; the same where none is found. */
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
    const get = { operationId: 'newOperation', security: [], responses: { 204: { description: 'Done.' } } };
    const steps = ['paths'];
    const place = '/new-operation';
    const specification = rewriteObject(document, steps, (paths) => ({ ...paths, [place]: { get } }));
    return [{ operation: operations[0]?.id ?? '', place, steps, specification }];
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

const fieldControl = (name: string, edit: Parameters<typeof fieldOperator>[2]): Operator =>
  fieldOperator(name, cure, edit, 'accepted');

const answerControl = (name: string, edit: Parameters<typeof answerOperator>[2]): Operator =>
  answerOperator(name, cure, edit, 'accepted');

/** Changes that the specification allows, or that break no caller: a check that refuses one raises a false alarm. */
export const controlOperators: Operator[] = [
  fieldControl(
    'extra field',
    ({ schema }) =>
      typeOf(schema) === 'object' &&
      schema['additionalProperties'] !== false && {
        schema: (each) => ({
          ...each,
          properties: { ...fieldsOf(each['properties']), new_field: { type: 'string' } },
        }),
        value: onFields((value) => ({ ...value, new_field: 'new' })),
      },
  ),
  answerControl('other values', (answer, { api, fields }) => {
    const own = fields.filter((field) => field.answer === answer);
    const body = (whole: unknown): unknown =>
      own.reduce((value, field) => changeAt(value, field.data, (each) => otherValue(api, field, each)), whole);
    return own.length > 0 && { body };
  }),
  fieldControl(
    'more items',
    ({ schema }) =>
      typeOf(schema) === 'array' &&
      !('maxItems' in schema || 'uniqueItems' in schema) && {
        value: (value) => (isList(value) ? [...value, ...value.slice(-1)] : value),
      },
  ),
  fieldControl('reordered', ({ schema }) => ['array', 'object'].includes(typeOf(schema) ?? '') && { value: reversed }),
  fieldControl('null where allowed', ({ data, schema, steps }) => {
    const last = data.lastIndexOf(everyItem);
    if (!isNullable(schema) || last === -1) return undefined;
    return { at: { steps, data: data.slice(0, last) }, value: (list) => oneMoreNull(list, data.slice(last + 1)) };
  }),
  answerControl(
    'charset',
    ({ schema, mediaType }) =>
      schema && {
        response: (each) => ({
          ...each,
          headers: { ...each.headers, 'content-type': `${mediaType}; charset=utf-8` },
        }),
      },
  ),
  answerControl('extra header', () => ({
    edit: (each) => ({ ...each, headers: { ...fieldsOf(each['headers']), 'X-New': { schema: { type: 'string' } } } }),
    response: (each) => ({ ...each, headers: { ...each.headers, 'x-new': 'new' } }),
  })),
  ...specificationControls,
];

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.toReversed();
  return isFields(value) ? Object.fromEntries(entriesOf(value).toReversed()) : value;
}

/** Only where there is null already: a provider state may say that there is none. */
function oneMoreNull(list: unknown, rest: readonly string[]): unknown {
  if (!isList(list)) return list;
  const nulls = list.filter((item) => JSON.stringify(changeAt(item, rest, () => null)) === JSON.stringify(item));
  return nulls.length > 0 ? [...list, nulls[0]] : list;
}
