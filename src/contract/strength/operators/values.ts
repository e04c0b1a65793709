import type { OpenApiDocument } from '../../../openapi/document.ts';
import { answeringAt } from '../../../verify/mutation/edits.ts';
import type { FieldPlace } from '../fields.ts';
import { without, type JsonObject } from '../../../verify/mutation/json.ts';
import type { Operator } from '../../../verify/mutation/mutant.ts';
import { rewriteObject } from '../rewrite.ts';
import { typeOf, valuesOf, withValues } from '../schemas.ts';
import { fieldOperator, type FieldMutation } from '../../../verify/mutation/operators/define.ts';

/** Operators on values within their type. */
export const valueOperators: Operator[] = [
  fieldOperator('enum added', 'the values that are expected', (document, field) => {
    const values = valuesOf(field.schema);
    const [first] = values;
    if (typeof first !== 'string') return undefined;
    const added = `${first}_added`;
    return {
      specification: onSchema(document, field, (schema) => withValues(schema, [...values, added])),
      change: answeringAt(
        field,
        onText(() => added),
      ),
    };
  }),
  fieldOperator('enum case', 'the value to the letter', (document, field) => {
    const values = valuesOf(field.schema);
    if (!values.some((value) => typeof value === 'string' && swapCase(value) !== value)) return undefined;
    const swapped = values.map((value) => (typeof value === 'string' ? swapCase(value) : value));
    return {
      specification: onSchema(document, field, (schema) => withValues(schema, swapped)),
      change: answeringAt(field, onText(swapCase)),
    };
  }),
  fieldOperator('format', 'a pattern', (document, field) => {
    const keyword = ['pattern', 'format'].find((each) => each in field.schema);
    if (keyword === undefined || typeOf(field.schema) !== 'string') return undefined;
    const { pattern } = field.schema;
    const fits = (value: string): boolean => typeof pattern === 'string' && new RegExp(pattern, 'u').test(value);
    const other = [`not such a ${keyword}`, ' ', '.', '0', '\u00A7'].find((value) => !fits(value));
    if (other === undefined) return undefined;
    return {
      specification: onSchema(document, field, (schema) => without(without(schema, 'format'), 'pattern')),
      change: answeringAt(
        field,
        onText(() => other),
      ),
    };
  }),
  fieldOperator('lower bound', 'a matcher with the bound', (document, field) => {
    const { minimum, exclusiveMinimum } = field.schema;
    const strict = exclusiveMinimum === true ? minimum : exclusiveMinimum;
    const below = typeof strict === 'number' ? strict : typeof minimum === 'number' ? minimum - 1 : undefined;
    return below === undefined ? undefined : beyond(document, field, below, ['minimum', 'exclusiveMinimum']);
  }),
  fieldOperator('upper bound', 'a matcher with the bound', (document, field) => {
    const { maximum, exclusiveMaximum } = field.schema;
    const strict = exclusiveMaximum === true ? maximum : exclusiveMaximum;
    const above = typeof strict === 'number' ? strict : typeof maximum === 'number' ? maximum + 1 : undefined;
    return above === undefined ? undefined : beyond(document, field, above, ['maximum', 'exclusiveMaximum']);
  }),
  fieldOperator('too long', 'a pattern with the length', (document, field) => {
    const { maxLength } = field.schema;
    if (typeof maxLength !== 'number' || maxLength > 10_000) return undefined;
    return {
      specification: onSchema(document, field, (schema) => without(schema, 'maxLength')),
      change: answeringAt(
        field,
        onText((text) => text.padEnd(maxLength + 1, 'x')),
      ),
    };
  }),
  fieldOperator('empty string', 'a pattern that an empty text does not match', (document, field) => {
    if (typeOf(field.schema) !== 'string' || valuesOf(field.schema).length > 0 || 'format' in field.schema)
      return undefined;
    const change = answeringAt(
      field,
      onText(() => ''),
    );
    if (!('minLength' in field.schema || 'pattern' in field.schema)) return { change };
    const edit = (schema: JsonObject): JsonObject => without(without(schema, 'minLength'), 'pattern');
    return { change, specification: onSchema(document, field, edit) };
  }),
];

function onSchema(
  document: OpenApiDocument,
  { steps }: FieldPlace,
  edit: (schema: JsonObject) => JsonObject,
): OpenApiDocument {
  return rewriteObject(document, steps, edit);
}

function onText(change: (text: string) => string): (value: unknown) => unknown {
  return (value) => (typeof value === 'string' ? change(value) : value);
}

function beyond(document: OpenApiDocument, field: FieldPlace, value: number, keywords: string[]): FieldMutation {
  return {
    specification: onSchema(document, field, (schema) => keywords.reduce(without, schema)),
    change: answeringAt(field, (each) => (typeof each === 'number' ? value : each)),
  };
}

function swapCase(text: string): string {
  const lower = text.toLowerCase();
  return lower === text ? text.toUpperCase() : lower;
}
