import type { OpenApiDocument } from '../../../openapi/document.ts';
import {
  answeringAt,
  answeringJson,
  isNullable,
  ofType,
  orNull,
  rewriteObject,
  typeOf,
  valuesOf,
  withValues,
} from '../edits.ts';
import {
  changeAt,
  everyItem,
  fieldsIn,
  isObject,
  itemsIn,
  renamed,
  without,
  type JsonObject,
  type Reach,
} from '../json.ts';
import type { ResponseChange, Operator } from '../mutant.ts';
import type { FieldPlace } from '../targets.ts';
import { fieldOperator, notRequired, type FieldMutation } from './define.ts';

type Property = FieldPlace & { property: NonNullable<FieldPlace['property']> };

/** Operators on whether a property is there, and by which name. */
export const presenceOperators: Operator[] = [
  fieldOperator('drop', 'the property', (document, field) => {
    if (!isProperty(field)) return undefined;
    const change = inHolder(field, (holder) => without(holder, field.property.name));
    if (!field.property.required) return { change };
    return { change, specification: onProperty(document, field, (properties, name) => without(properties, name)) };
  }),
  fieldOperator('drop in one item', 'the property in each item', (document, field) => {
    if (!isProperty(field) || !field.data.includes(everyItem)) return undefined;
    const change = inHolder(field, (holder) => without(holder, field.property.name), 'last');
    return { change, specification: optional(document, field) };
  }),
  fieldOperator('optional', 'the property', (document, field) => {
    if (!isProperty(field) || !field.property.required) return undefined;
    return { specification: optional(document, field) };
  }),
  fieldOperator('rename', 'the property by its name', (document, field) => {
    if (!isProperty(field)) return undefined;
    const other = otherName(field.property.name);
    const change = inHolder(field, (holder) => renamed(holder, field.property.name, other));
    if (!field.property.required) return { change };
    const specification = onProperty(document, field, (properties, name) => renamed(properties, name, other), other);
    return { change, specification };
  }),
];

function isProperty(field: FieldPlace): field is Property {
  return field.property !== undefined;
}

function inHolder(
  { answer, data }: Property,
  edit: (holder: JsonObject) => unknown,
  reach: Reach = 'all',
): ResponseChange {
  const change = (value: unknown): unknown => (isObject(value) ? edit(value) : value);
  return answeringJson(answer, (body) => changeAt(body, data.slice(0, -1), change, reach));
}

function optional(document: OpenApiDocument, { property }: Property): OpenApiDocument | undefined {
  if (!property.required) return undefined;
  return rewriteObject(document, property.holder, (schema) => notRequired(schema, property.name));
}

/** The specification with the properties of the holder changed, and none of them required but as it was or by another name. */
function onProperty(
  document: OpenApiDocument,
  { property: { name, holder } }: Property,
  edit: (properties: JsonObject, name: string) => JsonObject,
  other?: string,
): OpenApiDocument {
  return rewriteObject(document, holder, (schema) => {
    const rest = notRequired(schema, name);
    const required = other === undefined ? {} : { required: [...itemsIn(rest['required']), other] };
    return { ...rest, ...required, properties: edit(fieldsIn(schema['properties']), name) };
  });
}

/** The name in the other of the two usual styles; names that look the same in both get a number. */
function otherName(name: string): string {
  const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (snake !== name) return snake;
  const camel = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return camel === name ? `${name}2` : camel;
}

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
