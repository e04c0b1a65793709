import type { OpenApiDocument } from '../../../openapi/document.ts';
import type { Operation } from '../../../openapi/operations.ts';
import { isFields, type Fields } from '../../../util/json.ts';
import { answering, answeringJson, rewriteObject } from '../edits.ts';
import { changeAt, showPlace, type Reach } from '../json.ts';
import type { MutantDraft, Expected, Operator, RecordedResponse } from '../mutant.ts';
import type { AnswerPlace, FieldPlace, Subject } from '../targets.ts';

type Edit = (object: Fields) => Fields;

interface FieldEdits {
  /** The new schema, where the specification shows the change. */
  schema?: Edit | false | undefined;
  value?: (value: unknown) => unknown;
  reach?: Reach;
  at?: Pick<FieldPlace, 'steps' | 'data'>;
}

/**
 * An operator that may apply to each place of the bodies of all answers.
 * @param cure what a contract needs to notice it, such as `a type matcher`.
 * @param edit gives nothing where the operator does not apply.
 */
export function fieldOperator(
  name: string,
  cure: string,
  edit: (field: FieldPlace, document: OpenApiDocument) => FieldEdits | false | undefined,
  expected: Expected = 'refused',
): Operator {
  const draft = (document: OpenApiDocument, field: FieldPlace): MutantDraft[] => {
    const edits = edit(field, document);
    if (!edits) return [];
    const { schema, value, reach, at = field } = edits;
    const { operation, status } = field.answer;
    const place = showPlace(field.data);
    return [
      {
        operation: operation.id,
        place: `${status} ${place}`,
        steps: field.steps,
        ...(schema && { specification: rewriteObject(document, at.steps, schema) }),
        ...(value && { change: answeringJson(field.answer, (body) => changeAt(body, at.data, value, reach)) }),
        cure: `${cure} at ${place} in an interaction in which ${operation.id} answers ${status}`,
      },
    ];
  };
  return { name, expected, mutate: ({ api, fields }) => fields.flatMap((field) => draft(api.document, field)) };
}

export function onFields(edit: Edit): (value: unknown) => unknown {
  return (value) => (isFields(value) ? edit(value) : value);
}

export function notRequired(schema: Fields, name: string): Fields {
  const { required, ...rest } = schema;
  if (!Array.isArray(required)) return schema;
  const others = required.filter((each) => each !== name);
  // OpenAPI 3.0 forbids an empty list.
  return others.length > 0 ? { ...rest, required: others } : rest;
}

interface AnswerEdits {
  /** Which part of the answer, if not the whole, and where it is in the specification. */
  part?: string;
  steps?: readonly string[];
  /** The new object of the specification. */
  edit?: Edit | false;
  /** Which object that is, if not the answer. */
  at?: readonly string[];
  response?: (response: RecordedResponse) => RecordedResponse;
  body?: (body: unknown) => unknown;
}

/**
 * An operator that may apply to each documented answer.
 * @param cure what a contract needs to notice it.
 */
export function answerOperator(
  name: string,
  cure: string,
  edit: (answer: AnswerPlace, subject: Subject) => AnswerEdits | readonly AnswerEdits[] | false | undefined,
  expected: Expected = 'refused',
): Operator {
  const draft = (answer: AnswerPlace, { api }: Subject, edits: AnswerEdits): MutantDraft => {
    const { operation, status } = answer;
    const { part, steps = answer.steps, at = answer.steps, response, body } = edits;
    return {
      operation: operation.id,
      place: part === undefined ? status : `${status} ${part}`,
      steps,
      cure: `${cure} in an interaction in which ${operation.id} answers ${status}`,
      ...(edits.edit && { specification: rewriteObject(api.document, at, edits.edit) }),
      ...(response && { change: answering(answer, response) }),
      ...(body && { change: answeringJson(answer, body) }),
    };
  };
  const mutate = (subject: Subject): MutantDraft[] =>
    subject.answers.flatMap((answer) =>
      [edit(answer, subject) || []].flat().map((edits) => draft(answer, subject, edits)),
    );
  return { name, expected, mutate };
}

export interface OperationEdits extends Pick<MutantDraft, 'place' | 'change'> {
  /** Where in the specification, if not at the operation. */
  steps?: readonly string[];
  /** The new object of the specification. */
  edit: Edit;
  /** Which object that is, if not the one at `steps`. */
  at?: readonly string[];
  further?: (document: OpenApiDocument) => OpenApiDocument;
}

/**
 * An operator that may apply to each operation.
 * @param cure what a contract needs to notice it, before the operation's id.
 */
export function operationOperator(
  name: string,
  cure: string,
  mutate: (operation: Operation, document: OpenApiDocument) => readonly OperationEdits[] | undefined,
): Operator {
  const drafts = (operation: Operation, document: OpenApiDocument): MutantDraft[] =>
    (mutate(operation, document) ?? []).map((edits) => {
      const { steps = ['paths', operation.path, operation.method], at = steps, edit, further, ...rest } = edits;
      const specification = rewriteObject(further?.(document) ?? document, at, edit);
      return { operation: operation.id, cure: `${cure} ${operation.id}`, steps, specification, ...rest };
    });
  return {
    name,
    expected: 'refused',
    mutate: ({ api }) => api.operations.flatMap((operation) => drafts(operation, api.document)),
  };
}
