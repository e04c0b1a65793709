import { shorten } from '../../../util/errors.ts';
import type { Verdict } from '../../verdict.ts';

/** What is proved of one rule at one place of a contract. */
export interface PlaceVerdict extends At {
  result: 'holds' | 'broken' | 'not verifiable';
  sentence: string;
}

/** The rule, its place in the contract, and a JSON pointer into the specification. */
export type At = Pick<Verdict, 'rule' | 'pointer'> & { place: string };

export function holds(at: At, sentence: string): PlaceVerdict {
  return { ...at, result: 'holds', sentence };
}

export function broken(at: At, sentence: string): PlaceVerdict {
  return { ...at, result: 'broken', sentence };
}

export function undecided(at: At, sentence: string): PlaceVerdict {
  return { ...at, result: 'not verifiable', sentence };
}

/** The end of a sentence that names the two ways out. */
export function eitherWay(specification: string, contract: string): string {
  return ` In the specification, ${specification}; or in the contract, ${contract}.`;
}

export function quoteValue(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return shorten(text, 60);
}
