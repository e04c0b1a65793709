import type { OpenApiDocument } from '../../openapi/document.ts';
import type { Answer, Exchange } from '../../contract/strength/exchange.ts';
import type { Subject } from './targets.ts';

/** What the nets are to say of a mutant: a provider that changed so breaks its callers, or does not. */
export type Expected = 'refused' | 'accepted';

/** A single change of what a provider does or says of itself. */
export interface Mutant {
  /** The same as long as operator, operation and place are: `drop listThings 200 $[*].name`. */
  readonly id: string;
  readonly operator: string;
  readonly expected: Expected;
  /** The id of the operation. */
  readonly operation: string;
  /** Where, for a person: `200 $[*].name`. */
  readonly place: string;
  /** Where in the specification: a JSON pointer. */
  readonly pointer: string;
  /** How the specification says it; absent where the specification says nothing of it, or allowed it before. */
  readonly specification?: OpenApiDocument;
  /** How the provider does it; absent where its answers stay as they are. */
  readonly change?: Change;
  /** What a contract needs to notice the mutant: the end of a sentence. */
  readonly cure: string;
}

/**
 * The answer of the changed provider to the request of an exchange: the same object where nothing changes.
 * @param all every exchange, for answers that come from another one.
 */
export type Change = (exchange: Exchange, all: readonly Exchange[]) => Answer;

/** What an operator says of a mutant; the rest follows. */
export interface Draft extends Omit<Mutant, 'id' | 'operator' | 'expected' | 'pointer'> {
  /** The keys that lead to the place in the specification; references on the way are followed. */
  readonly steps: readonly string[];
}

/** A kind of change, and all the places of a specification where it makes sense. */
export interface Operator {
  readonly name: string;
  readonly expected: Expected;
  readonly mutate: (subject: Subject) => Draft[];
}
