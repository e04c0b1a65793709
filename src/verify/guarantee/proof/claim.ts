import type { Demand } from '../../../matching/demand.ts';
import { satisfies } from '../../../matching/matchers.ts';
import { keyOfConjunction, type Branch, type Conjunction, type Steps } from '../../../openapi/schema.ts';
import { Sampler } from './sampler.ts';
import type { Schemas } from './schemas.ts';

/** A place in the values that a schema allows: what they keep there, and whole values with a given one at that place. */
export interface Spot {
  schemas: Conjunction;
  /** Whole values that have the value at this place, which the schema of the whole allows or not. */
  wrap: (value: unknown) => unknown[];
}

export interface Alternative {
  spot: Spot;
  branch: Branch;
}

export class Claim {
  readonly schemas: Schemas;
  readonly sampler: Sampler;
  readonly #root: Steps;
  readonly #demand: Demand;

  /** @param root where the schema of the whole value stands. */
  constructor(schemas: Schemas, root: Steps, demand: Demand) {
    this.schemas = schemas;
    this.sampler = new Sampler(schemas);
    this.#root = root;
    this.#demand = demand;
  }

  get spot(): Spot {
    return { schemas: [this.#root], wrap: (value) => [value] };
  }

  /** @throws TooManyBranches */
  alternatives(spots: readonly Spot[]): Alternative[] {
    return spots.flatMap((spot) => this.schemas.expand(spot.schemas).map((branch) => ({ spot, branch })));
  }

  /** The value of a counterexample at a spot: one that the specification allows and the contract refuses, both tried out. */
  counterexample<T>(spot: Spot, values: readonly T[]): { value: T } | undefined {
    for (const value of values)
      for (const whole of spot.wrap(value))
        if (this.schemas.allows([this.#root], whole) === true && satisfies(whole, this.#demand) === false)
          return { value };
    return undefined;
  }

  findCounterexample<T>(
    alternatives: readonly Alternative[],
    valuesOf: (alternative: Alternative) => readonly T[],
  ): { value: T } | undefined {
    for (const alternative of alternatives) {
      const found = this.counterexample(alternative.spot, valuesOf(alternative));
      if (found) return found;
    }
    return undefined;
  }
}

/** Limits the growth of whole values with depth. */
const mostWholes = 4;

export function spotBelow(
  { spot }: Alternative,
  schemas: Conjunction,
  around: readonly ((value: unknown) => unknown)[],
): Spot {
  return {
    schemas,
    wrap: (value) => around.flatMap((put) => spot.wrap(put(value))).slice(0, mostWholes),
  };
}

/** Spots with the same schemas are one. */
export function distinct(spots: readonly Spot[]): Spot[] {
  const found = new Map<string, Spot>();
  for (const spot of spots) {
    const key = keyOfConjunction(spot.schemas);
    const known = found.get(key);
    found.set(
      key,
      known
        ? { ...known, wrap: (value) => [...known.wrap(value), ...spot.wrap(value)].slice(0, 2 * mostWholes) }
        : spot,
    );
  }
  return [...found.values()];
}

/** What is to be proved at one place. */
export interface Proof {
  claim: Claim;
  demand: Demand;
  /** What other interactions of the contract demand at the same place. */
  siblings: readonly Demand[];
  alternatives: readonly Alternative[];
  pointer: string;
}
