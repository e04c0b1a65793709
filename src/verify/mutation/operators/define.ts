import type { OpenApiDocument } from '../../../openapi/document.ts';
import type { Operation } from '../../../openapi/operations.ts';
import { showPlace, type JsonObject } from '../json.ts';
import type { ResponseChange, MutantDraft, Expected, Operator } from '../mutant.ts';
import type { AnswerPlace, FieldPlace, Subject } from '../targets.ts';

/** What an operator does to one place of a body. */
export interface FieldMutation {
  specification?: OpenApiDocument | undefined;
  change?: ResponseChange;
}

/**
 * An operator that may apply to each place of the bodies of all answers.
 * @param cure what a contract needs to notice it, such as `a type matcher`.
 * @param mutate gives undefined where it makes no sense.
 */
export function fieldOperator(
  name: string,
  cure: string,
  mutate: (document: OpenApiDocument, field: FieldPlace) => FieldMutation | undefined,
  expected: Expected = 'refused',
): Operator {
  return {
    name,
    expected,
    mutate: ({ api, fields }) => fields.flatMap((field) => draft(field, mutate(api.document, field), cure)),
  };
}

function draft(field: FieldPlace, mutation: FieldMutation | undefined, cure: string): MutantDraft[] {
  if (!mutation) return [];
  const { answer, data, steps } = field;
  const { specification, change } = mutation;
  const place = showPlace(data);
  return [
    {
      operation: answer.operation.id,
      place: `${answer.status} ${place}`,
      steps,
      ...(specification && { specification }),
      ...(change && { change }),
      cure: `${cure} at ${place} in an interaction in which ${answer.operation.id} answers ${answer.status}`,
    },
  ];
}

/** The list of required properties without one of them. */
export function notRequired(schema: JsonObject, name: string): JsonObject {
  const { required, ...rest } = schema;
  if (!Array.isArray(required)) return schema;
  const others = required.filter((each) => each !== name);
  // OpenAPI 3.0 forbids an empty list.
  return others.length > 0 ? { ...rest, required: others } : rest;
}

/** What an operator does to one documented answer. */
export type AnswerMutation = Partial<Pick<MutantDraft, 'specification' | 'change'>> & {
  /** Which part of the answer, if not the whole. */
  part?: string;
  steps?: readonly string[];
};

/**
 * An operator that may apply to each documented answer.
 * @param cure what a contract needs to notice it.
 */
export function answerOperator(
  name: string,
  cure: string,
  mutate: (subject: Subject, answer: AnswerPlace) => AnswerMutation[],
  expected: Expected = 'refused',
): Operator {
  const draft = ({ operation, status, steps }: AnswerPlace, { part, ...mutation }: AnswerMutation): MutantDraft => ({
    operation: operation.id,
    place: part === undefined ? status : `${status} ${part}`,
    steps,
    cure: `${cure} in an interaction in which ${operation.id} answers ${status}`,
    ...mutation,
  });
  return {
    name,
    expected,
    mutate: (subject) =>
      subject.answers.flatMap((answer) => mutate(subject, answer).map((mutation) => draft(answer, mutation))),
  };
}

/** What an operator does to one operation. */
export type OperationMutation = Omit<MutantDraft, 'operation' | 'cure'> & { cure?: string };

/**
 * An operator that may apply to each operation.
 * @param cure what a contract needs to notice it, before the operation's id.
 */
export function operationOperator(
  name: string,
  cure: string,
  mutate: (subject: Subject, operation: Operation) => OperationMutation[],
): Operator {
  return {
    name,
    expected: 'refused',
    mutate: (subject) =>
      subject.api.operations.flatMap((operation) =>
        mutate(subject, operation).map((mutation) => ({
          operation: operation.id,
          cure: `${cure} ${operation.id}`,
          ...mutation,
        })),
      ),
  };
}
