import type { AnswerPlace } from '../answer-place.ts';
import type { Draft, Expected, Operator } from '../../../verify/mutation/mutant.ts';
import type { Subject } from '../../../verify/mutation/targets.ts';

/** What an operator does to one documented answer. */
export type AnswerMutation = Partial<Pick<Draft, 'specification' | 'change'>> & {
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
  const draft = ({ operation, status, steps }: AnswerPlace, { part, ...mutation }: AnswerMutation): Draft => ({
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
