import type { OpenApiDocument } from '../../../openapi/document.ts';
import { answeringJson } from '../edits.ts';
import { changeAt, everyItem, isObject, renamed, without, type JsonObject, type Reach } from '../json.ts';
import type { FieldPlace } from '../../../contract/strength/fields.ts';
import type { Change, Operator } from '../mutant.ts';
import { rewriteObject } from '../../../contract/strength/rewrite.ts';
import { fieldOperator, notRequired } from './define.ts';

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

function inHolder({ answer, data }: Property, edit: (holder: JsonObject) => unknown, reach: Reach = 'all'): Change {
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
    const required = other === undefined ? {} : { required: [...Object(rest['required'] ?? []), other] };
    return { ...rest, ...required, properties: edit(isObject(schema['properties']) ? schema['properties'] : {}, name) };
  });
}

/** The name in the other of the two usual styles; names that look the same in both get a number. */
export function otherName(name: string): string {
  const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (snake !== name) return snake;
  const camel = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return camel === name ? `${name}2` : camel;
}
