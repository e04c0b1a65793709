import { fieldsOf, type Fields } from '../../../util/json.ts';
import { compilePattern } from '../../../util/regex/match-text.ts';
import { fixedValues, isNullable, ofType, orNull, typeOf, withValues } from '../edits.ts';
import { everyItem, itemsIn, renamed, without, type Reach } from '../json.ts';
import type { Operator } from '../mutant.ts';
import type { FieldPlace } from '../targets.ts';
import { fieldOperator, notRequired, onFields } from './define.ts';

export const presenceOperators: Operator[] = [
  propertyOperator('drop', 'the property', ({ name, required }) => ({
    value: (holder) => without(holder, name),
    schema: required && onProperties(name, (properties) => without(properties, name)),
  })),
  propertyOperator('drop in one item', 'the property in each item', ({ name, required }, { data }) =>
    data.includes(everyItem)
      ? {
          value: (holder) => without(holder, name),
          reach: 'last',
          schema: required && ((schema) => notRequired(schema, name)),
        }
      : undefined,
  ),
  propertyOperator('optional', 'the property', ({ name, required }) =>
    required ? { schema: (schema) => notRequired(schema, name) } : undefined,
  ),
  propertyOperator('rename', 'the property by its name', ({ name, required }) => {
    const other = otherName(name);
    return {
      value: (holder) => renamed(holder, name, other),
      schema: required && onProperties(name, (properties) => renamed(properties, name, other), other),
    };
  }),
];

interface HolderEdits {
  schema?: ((schema: Fields) => Fields) | false;
  value?: (holder: Fields) => Fields;
  reach?: Reach;
}

/** An operator on the object that has a property. */
function propertyOperator(
  name: string,
  cure: string,
  edit: (property: NonNullable<FieldPlace['property']>, field: FieldPlace) => HolderEdits | undefined,
): Operator {
  return fieldOperator(name, cure, (field) => {
    const { property, data } = field;
    const edits = property && edit(property, field);
    if (!edits) return undefined;
    const { value, ...rest } = edits;
    return {
      ...rest,
      ...(value && { value: onFields(value) }),
      at: { steps: property.holder, data: data.slice(0, -1) },
    };
  });
}

/** Changes the properties of a schema; the named one is required no more, the other one is. */
function onProperties(name: string, edit: (properties: Fields) => Fields, other?: string): (schema: Fields) => Fields {
  return (schema) => {
    const rest = notRequired(schema, name);
    const required = other === undefined ? {} : { required: [...itemsIn(rest['required']), other] };
    return { ...rest, ...required, properties: edit(fieldsOf(schema['properties']) ?? {}) };
  };
}

/** The name in the other of the two usual styles; names that look the same in both get a number. */
function otherName(name: string): string {
  const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (snake !== name) return snake;
  const camel = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return camel === name ? `${name}2` : camel;
}

const otherTypes = {
  string: 'integer',
  number: 'string',
  integer: 'string',
  boolean: 'string',
  object: 'array',
  array: 'object',
} as const;

export const typeOperators: Operator[] = [
  fieldOperator('type', 'a matcher of the type', ({ schema }, document) => {
    const type = typeOf(schema);
    return (
      type && {
        schema: (each) => ofType(document, each, otherTypes[type]),
        value: (value) => (value === null ? null : convert(value)),
      }
    );
  }),
  fieldOperator(
    'integer to number',
    'an integer matcher',
    ({ schema }, document) =>
      typeOf(schema) === 'integer' && {
        schema: (each) => ofType(document, each, 'number'),
        value: (value) => (typeof value === 'number' ? value + 0.5 : value),
      },
  ),
  fieldOperator(
    'null',
    'a matcher of the type, which null does not fit,',
    ({ schema }, document) => !isNullable(schema) && { schema: (each) => orNull(document, each), value: () => null },
  ),
  fieldOperator(
    'null in one item',
    'a matcher of the type for each item, which null does not fit,',
    ({ schema, data }, document) =>
      !isNullable(schema) &&
      data.includes(everyItem) && { schema: (each) => orNull(document, each), value: () => null, reach: 'last' },
  ),
];

/** A value of another type that a careless program might take for the same. */
function convert(value: unknown): unknown {
  if (typeof value === 'string') return 1;
  if (Array.isArray(value)) return { items: value };
  return typeof value === 'object' ? [value] : JSON.stringify(value);
}

export const valueOperators: Operator[] = [
  fieldOperator('enum added', 'the values that are expected', ({ schema }) => {
    const values = fixedValues(schema);
    if (typeof values[0] !== 'string') return undefined;
    const added = `${values[0]}_added`;
    return { schema: (each) => withValues(each, [...values, added]), value: onText(() => added) };
  }),
  fieldOperator('enum case', 'the value to the letter', ({ schema }) => {
    const values = fixedValues(schema);
    const swapped = values.map(onText(swapCase));
    if (swapped.every((value, index) => value === values[index])) return undefined;
    return { schema: (each) => withValues(each, swapped), value: onText(swapCase) };
  }),
  fieldOperator('format', 'a pattern', ({ schema }) => {
    const keyword = ['pattern', 'format'].find((each) => each in schema);
    if (keyword === undefined || typeOf(schema) !== 'string') return undefined;
    const { pattern } = schema;
    const fits = (value: string): boolean => typeof pattern === 'string' && compilePattern(pattern).test(value);
    const other = [`not such a ${keyword}`, ' ', '.', '0', '\u00A7'].find((value) => !fits(value));
    if (other === undefined) return undefined;
    return { schema: (each) => without(each, 'format', 'pattern'), value: onText(() => other) };
  }),
  boundOperator('lower bound', 'minimum', 'exclusiveMinimum', -1),
  boundOperator('upper bound', 'maximum', 'exclusiveMaximum', 1),
  fieldOperator('too long', 'a pattern with the length', ({ schema: { maxLength } }) => {
    if (typeof maxLength !== 'number' || maxLength > 10_000) return undefined;
    const value = onText((text) => text.padEnd(maxLength + 1, 'x'));
    return { schema: (each) => without(each, 'maxLength'), value };
  }),
  fieldOperator('empty string', 'a pattern that an empty text does not match', ({ schema }) => {
    if (typeOf(schema) !== 'string' || fixedValues(schema).length > 0 || 'format' in schema) return undefined;
    const isBounded = 'minLength' in schema || 'pattern' in schema;
    return { value: onText(() => ''), schema: isBounded && ((each) => without(each, 'minLength', 'pattern')) };
  }),
];

/** @param beyond what is added to an inclusive bound to exceed it. */
function boundOperator(name: string, inclusive: string, exclusive: string, beyond: number): Operator {
  return fieldOperator(name, 'a matcher with the bound', ({ schema }) => {
    const bound = schema[inclusive];
    const strict = schema[exclusive] === true ? bound : schema[exclusive];
    const other = typeof strict === 'number' ? strict : typeof bound === 'number' ? bound + beyond : undefined;
    if (other === undefined) return undefined;
    return {
      schema: (each) => without(each, inclusive, exclusive),
      value: (value) => (typeof value === 'number' ? other : value),
    };
  });
}

function onText(change: (text: string) => string): (value: unknown) => unknown {
  return (value) => (typeof value === 'string' ? change(value) : value);
}

function swapCase(text: string): string {
  const lower = text.toLowerCase();
  return lower === text ? text.toUpperCase() : lower;
}
