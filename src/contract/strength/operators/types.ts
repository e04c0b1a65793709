import { answeringAt } from '../../../verify/mutation/edits.ts';
import { everyItem } from '../../../verify/mutation/json.ts';
import type { Operator } from '../../../verify/mutation/mutant.ts';
import { rewriteObject } from '../rewrite.ts';
import { isNullable, ofType, orNull, typeOf } from '../schemas.ts';
import { fieldOperator } from '../../../verify/mutation/operators/define.ts';

/** Operators on the types of values. */
export const typeOperators: Operator[] = [
  fieldOperator('type', 'a matcher of the type', (document, field) => {
    const type = typeOf(field.schema);
    if (!type) return undefined;
    const other = type === 'string' ? 'integer' : type === 'object' ? 'array' : type === 'array' ? 'object' : 'string';
    return {
      specification: rewriteObject(document, field.steps, (schema) => ofType(document, schema, other)),
      change: answeringAt(field, (value) => (value === null ? null : convert(value))),
    };
  }),
  fieldOperator('integer to number', 'an integer matcher', (document, field) => {
    if (typeOf(field.schema) !== 'integer') return undefined;
    return {
      specification: rewriteObject(document, field.steps, (schema) => ofType(document, schema, 'number')),
      change: answeringAt(field, (value) => (typeof value === 'number' ? value + 0.5 : value)),
    };
  }),
  fieldOperator('null', 'a matcher of the type, which null does not fit,', (document, field) => {
    if (isNullable(field.schema)) return undefined;
    return {
      specification: rewriteObject(document, field.steps, (schema) => orNull(document, schema)),
      change: answeringAt(field, () => null),
    };
  }),
  fieldOperator(
    'null in one item',
    'a matcher of the type for each item, which null does not fit,',
    (document, field) => {
      if (isNullable(field.schema) || !field.data.includes(everyItem)) return undefined;
      return {
        specification: rewriteObject(document, field.steps, (schema) => orNull(document, schema)),
        change: answeringAt(field, () => null, 'last'),
      };
    },
  ),
];

/** A value of another type that a careless program might take for the same. */
function convert(value: unknown): unknown {
  if (typeof value === 'string') return 1;
  if (Array.isArray(value)) return { items: value };
  return typeof value === 'object' ? [value] : JSON.stringify(value);
}
