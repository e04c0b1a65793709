import type { Figure, Ratio, Unit } from '../harness/section.ts';

/** A number as people read it: three figures, and all before the point. */
export function number(value: number): string {
  const digits = Math.abs(value) >= 100 || value === 0 ? 0 : 2 - Math.floor(Math.log10(Math.abs(value)));
  return value.toLocaleString('en', { maximumFractionDigits: Math.min(digits, 3) });
}

export function quantity(value: number, unit: Unit): string {
  return `${number(value)} ${unit}`;
}

/** `1.05`; ratios are told to two digits behind the point. */
export function quotient(value: number): string {
  return value.toFixed(2);
}

export function targetOf({ target }: Ratio): string {
  if (!target) return '';
  return 'atMost' in target ? `at most ${target.atMost}` : `at least ${target.atLeast}`;
}

/** Whether a contestant is this project. */
export function isOwn({ who }: Pick<Figure, 'who'>): boolean {
  return who.startsWith('arzamed');
}
