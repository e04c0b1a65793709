import type { Dialect } from './ast.ts';

export type Language =
  | { kind: 'all' }
  | { kind: 'none' }
  | { kind: 'match'; source: string; dialect: Dialect }
  | { kind: 'and' | 'or'; parts: readonly Language[] }
  | { kind: 'not'; part: Language }
  | { kind: 'unknown'; reason: string };

export const allTexts: Language = { kind: 'all' };
export const noText: Language = { kind: 'none' };

export function matching(source: string, dialect: Dialect): Language {
  return { kind: 'match', source, dialect };
}

export function wholly(source: string): Language {
  return matching(`^(?:${source})$`, 'ecma');
}

export function both(...parts: readonly Language[]): Language {
  return { kind: 'and', parts };
}

export function either(...parts: readonly Language[]): Language {
  return { kind: 'or', parts };
}

export function not(part: Language): Language {
  return { kind: 'not', part };
}

export function literal(text: string): Language {
  return wholly(quote(text));
}

export function containing(text: string): Language {
  return matching(quote(text), 'ecma');
}

/** Length in code points, as JSON Schema counts. */
export function ofLength(least: number, most: number | undefined): Language {
  if (least === 0 && most === undefined) return allTexts;
  return wholly(String.raw`[\s\S]{${least},${most ?? ''}}`);
}

export function quote(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}
