import { toPointer } from '../../spec/json-pointer.ts';
import { follow } from '../../spec/look-up.ts';
import type { Draft, Mutant, Operator } from './mutant.ts';
import { operators as allOperators } from './operators/operators.ts';
import type { Subject } from './subject.ts';

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
