import { parseObject } from './parse-object.ts';
import { parseJson } from '../../mock/parse-json.ts';

/** One place where an answer is not as the contract demands. Holds values of the answer: nothing of it may be shown. */
export interface Mismatch {
  /** `BodyMismatch`, `BodyTypeMismatch`, `HeaderMismatch`, `StatusMismatch`. */
  type: string;
  /** Pact's path into the body, such as `$[0].name`. */
  path: string;
  /** The header's name. */
  key: string;
  expected: unknown;
  actual: unknown;
  /** Pact's own words. */
  text: string;
}

export interface InteractionResult {
  consumer: string;
  description: string;
  states: string[];
  pending: boolean;
  /** Undefined where the interaction could not be tried; empty where the answer is as the contract demands. */
  mismatches: Mismatch[] | undefined;
  /** Whether it was the state that could not be set. */
  stateFailed: boolean;
}

/** Reads what Pact's verifier says, or gives undefined where that is no result. */
export function readResults(text: string | undefined): InteractionResult[] | undefined {
  const results = parseObject(text ?? '')?.['interactionResults'];
  return Array.isArray(results) ? results.map(readInteraction) : undefined;
}

function readInteraction(result: unknown): InteractionResult {
  const { consumer, description, providerStates, pending, mismatch, result: word }: Fields = Object(result);
  const { type, mismatches, message }: Fields = Object(mismatch);
  return {
    consumer: String(consumer),
    description: String(description),
    states: Array.isArray(providerStates) ? providerStates.map(String) : [],
    pending: pending === true,
    stateFailed: /state change/.test(String(message)),
    mismatches:
      type === 'mismatches' && Array.isArray(mismatches) ? mismatches.map(readMismatch) : emptyIf(word === 'OK'),
  };
}

type Fields = Partial<Record<string, unknown>>;

function emptyIf(fine: boolean): Mismatch[] | undefined {
  return fine ? [] : undefined;
}

function readMismatch(value: unknown): Mismatch {
  const { type, path, key, expected, actual, mismatch }: Fields = Object(value);
  return {
    type: String(type),
    path: typeof path === 'string' ? path : '$',
    key: typeof key === 'string' ? key : '',
    expected: unpack(expected),
    actual: unpack(actual),
    text: String(mismatch),
  };
}

/** Pact gives values of the body as JSON in a string. */
function unpack(value: unknown): unknown {
  const unpacked = typeof value === 'string' ? parseJson(value) : undefined;
  return unpacked === undefined ? value : unpacked;
}
