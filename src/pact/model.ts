import type { MatchingRules } from '../contract/pact/matching-rules.ts';

/** A Pact file of version 2, 3 or 4, in one form. */
export interface Contract {
  /** As the user named it: the file, or the file within the folder. */
  file: string;
  /** The file as it stands, parsed and nothing more. */
  content: unknown;
  version: 2 | 3 | 4;
  consumer: string;
  provider: string;
  interactions: Interaction[];
  /** What goes another way than over HTTP, and is not judged. */
  messages: Message[];
}

export interface Message {
  description: string;
  states: State[];
  /** `Asynchronous/Messages`, `Synchronous/Messages`, or whatever the contract calls it. */
  type: string;
}

/** A request and the answer that the consumer relies on. */
export interface Interaction {
  /** Its place in the contract's list `interactions`. */
  index: number;
  /** The key that version 4 may give it. */
  key?: string;
  /** Whether a failure is not to count yet (version 4). */
  pending: boolean;
  description: string;
  states: State[];
  request: ContractRequest;
  response: ContractResponse;
}

export interface State {
  name: string;
  params: Readonly<Record<string, unknown>>;
}

export interface ContractRequest extends Part {
  /** In capitals. */
  method: string;
  path: string;
  /** Values by name; null is a name without `=`. */
  query: ReadonlyMap<string, readonly (string | null)[]>;
}

export interface ContractResponse extends Part {
  status: number;
}

/** What request and response have in common. */
export interface Part {
  /** By name in small letters. */
  headers: ReadonlyMap<string, Header>;
  /** The content type of the body: what version 4 says of it, or the header. */
  contentType: string | undefined;
  body: Body;
  rules: MatchingRules;
  /** Which parts the provider's state decides or Pact makes up, as they stand in the contract. */
  generators: unknown;
}

export interface Header {
  /** As the contract writes it. */
  name: string;
  values: readonly string[];
}

/** `absent`: the contract says nothing of the body. `empty`: it demands that there is none. */
export type Body =
  | { kind: 'absent' }
  | { kind: 'empty' }
  | { kind: 'json'; value: unknown }
  | { kind: 'text'; text: string }
  | { kind: 'binary'; bytes: Uint8Array };
