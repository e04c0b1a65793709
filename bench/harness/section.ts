import { summarize, type Summary } from './statistics.ts';

export type Unit = 's' | 'ms' | 'µs' | 'MiB' | 'bytes' | 'per second' | 'per request' | 'requests';

/** One contestant's measurements of one thing. */
export interface Figure extends Summary {
  who: string;
}

/** The same thing, measured of several contestants. */
export interface Table {
  title: string;
  unit: Unit;
  figures: Figure[];
  /** Whether it is drawn as well. */
  plotted?: boolean;
}

/** One value above what it grows with. */
export interface Point extends Summary {
  at: number;
}

/** How one thing changes while another grows. */
export interface Growth {
  /** What changes. */
  title: string;
  /** What grows, in the plural. */
  of: string;
  unit: Unit;
  lines: { who: string; points: Point[] }[];
}

/** The quotient of two medians of one run. */
export interface Ratio {
  title: string;
  value: number;
  target?: { atMost: number } | { atLeast: number };
}

/** What one benchmark found. */
export interface Section {
  title: string;
  /** What is measured, and how, for those who read the figures. */
  about: string;
  tables: Table[];
  growths: Growth[];
  ratios: Ratio[];
}

export interface Benchmark {
  title: string;
  /** Why it cannot be measured here, if it cannot. */
  missing?: () => string | undefined;
  run: (progress: (text: string) => void) => Promise<Omit<Section, 'title'>>;
}

/** @param measured contestant to its repetitions. */
export function table(title: string, unit: Unit, measured: Record<string, readonly number[]>): Table {
  const entries = Object.entries(measured).filter(([, values]) => values.length > 0);
  return { title, unit, figures: entries.map(([who, values]) => ({ who, ...summarize(values) })) };
}

export function titleOf({ title, of }: Growth): string {
  return `${title} by the number of ${of}`;
}

/** The ratio of two contestants in a table. */
export function ratio({ title, figures }: Table, who: string, to: string, target?: Ratio['target']): Ratio {
  const median = (name: string): number => figures.find((figure) => figure.who === name)?.median ?? Number.NaN;
  return { title: `${title}: ${who} / ${to}`, value: median(who) / median(to), ...(target ? { target } : {}) };
}

export function isReached({ value, target }: Ratio): boolean | undefined {
  if (!target) return undefined;
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast;
}
