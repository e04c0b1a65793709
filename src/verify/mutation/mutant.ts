import type { OpenApiDocument } from '../../openapi/document.ts';
import type { Subject } from './targets.ts';

/** What the checks should do with a mutant: refuse one that breaks callers, accept any other. */
export type Expected = 'refused' | 'accepted';

export interface Mutant {
  /** The same as long as operator, operation and place are: `drop listThings 200 $[*].name`. */
  readonly id: string;
  readonly operator: string;
  readonly expected: Expected;
  readonly operation: string;
  readonly place: string;
  readonly pointer: string;
  /** How the specification shows it; absent if it does not, or allowed it before. */
  readonly specification?: OpenApiDocument;
  readonly change?: ResponseChange;
  /** What a contract needs to notice the mutant, as the end of a sentence. */
  readonly cure: string;
}

/**
 * The answer of the changed provider to the request of an exchange: the same object where nothing changes.
 * @param all every exchange, for answers that come from another one.
 */
export type ResponseChange = (exchange: RecordedExchange, all: readonly RecordedExchange[]) => RecordedResponse;

export interface MutantDraft extends Omit<Mutant, 'id' | 'operator' | 'expected' | 'pointer'> {
  /** The keys to the place in the specification; references on the way are followed. */
  readonly steps: readonly string[];
}

/** A kind of change, and all the places of a specification where it makes sense. */
export interface Operator {
  readonly name: string;
  readonly expected: Expected;
  readonly mutate: (subject: Subject) => MutantDraft[];
}

/** An answer as it goes over the wire. */
export interface RecordedResponse {
  readonly status: number;
  /** By name in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What happened at the provider for one interaction of a contract. */
export interface RecordedExchange {
  /** The contract's file, as the user named it. */
  readonly contract: string;
  /** The interaction's index in it. */
  readonly index: number;
  /** Its description and states. */
  readonly interaction: string;
  /** The id of the operation that the request is for; undefined where the specification has none. */
  readonly operation: string | undefined;
  readonly answer: RecordedResponse;
  /** What the provider answered to each state change, by the request's body. */
  readonly states: ReadonlyMap<string, string>;
}

/** What a check says of a mutant. */
export interface MutantJudgement {
  readonly result: 'killed' | 'survived';
  /** What killed it, in the words of the check. */
  readonly by?: string;
}

/** Something that should notice when a provider breaks its callers. */
export interface MutantCheck {
  readonly name: string;
  readonly judge: (mutant: Mutant) => Promise<MutantJudgement>;
}
