import { toPointer } from '../../util/json.ts';
import { follow } from '../../openapi/look-up.ts';
import type { Draft, Mutant, Operator } from '../../verify/mutation/mutant.ts';
import { operators as allOperators } from '../../verify/mutation/operators/operators.ts';
import type { Subject } from '../../verify/mutation/targets.ts';

/** The mutants of a specification: every operator at every place where it makes sense, each a single change. */
export function mutantsOf(subject: Subject, operators: readonly Operator[] = allOperators): Mutant[] {
  return operators.flatMap((operator) => operator.mutate(subject).map((draft) => toMutant(subject, operator, draft)));
}

function toMutant({ api }: Subject, { name, expected }: Operator, { steps, ...draft }: Draft): Mutant {
  return {
    id: `${name} ${draft.operation} ${draft.place}`,
    operator: name,
    expected,
    pointer: toPointer(follow(api.document, steps)),
    ...draft,
  };
}
