import type { Rule } from '../pact/model.ts';

export type Demand = ScalarDemand | ObjectDemand | ArrayDemand;

/** Where in the contract: `$.response.body.items[*].id`. */
interface Placed {
  place: string;
}

/** The example is neither an object nor an array; any value that keeps the rules is accepted. */
export interface ScalarDemand extends Placed {
  kind: 'scalar';
  condition: Condition;
}

export interface ObjectDemand extends Placed {
  kind: 'object';
  /** What stands below a name, where the name is there. */
  named: ReadonlyMap<string, Demand>;
  required: boolean;
  rest?: Demand;
  names: readonly Condition[];
  sizes: Sizes;
  equal?: { value: unknown };
  /** Why no object can keep the rules, or why that is not decided. */
  never?: string;
  unknown?: string;
}

export interface ArrayDemand extends Placed {
  kind: 'array';
  /** What stands at an index, where the array is that long. */
  items: readonly Demand[];
  rest?: Demand;
  sizes: Sizes;
  /** True where the length is that of the example alone, and no rule demands it. */
  exactly: boolean;
  /** For each of these, one of the items keeps it. */
  contains: readonly Demand[];
  equal?: { value: unknown };
  never?: string;
  unknown?: string;
}

export interface Sizes {
  least: number;
  most?: number | undefined;
}

export type Condition = { kind: 'rule'; rule: Rule; example: unknown } | { kind: 'and' | 'or'; parts: Condition[] };

export function tighten(limits: { min?: number | undefined; max?: number | undefined }, { least, most }: Sizes): Sizes {
  const tightest = Math.min(limits.max ?? Infinity, most ?? Infinity);
  return { least: Math.max(limits.min ?? 0, least), ...(tightest === Infinity ? {} : { most: tightest }) };
}

export function fits({ least, most }: Sizes, size: number): boolean {
  return size >= least && size <= (most ?? Infinity);
}
