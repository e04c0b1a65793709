import type { Operation } from '../../../spec/operation.ts';
import type { Draft, Operator } from '../../../verify/mutation/mutant.ts';
import type { Subject } from '../../../verify/mutation/targets.ts';

/** What an operator does to one operation. */
export type OperationMutation = Omit<Draft, 'operation' | 'cure'> & { cure?: string };

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
