import type { Dialect } from './ast.ts';

/** A set of texts. */
export type Language =
  | { kind: 'all' }
  | { kind: 'none' }
  | { kind: 'match'; source: string; dialect: Dialect }
  | { kind: 'and' | 'or'; parts: readonly Language[] }
  | { kind: 'not'; part: Language }
  /** Which texts these are is not decided. */
  | { kind: 'unknown'; reason: string };

export const allTexts: Language = { kind: 'all' };
export const noText: Language = { kind: 'none' };

/** The texts that a regular expression accepts, by the habits of its dialect. */
export function matching(source: string, dialect: Dialect): Language {
  return { kind: 'match', source, dialect };
}

/** The texts that match from their beginning to their end. */
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

/** The one text. */
export function literal(text: string): Language {
  return wholly(quote(text));
}

/** The texts that have the text within. */
export function containing(text: string): Language {
  return matching(quote(text), 'ecma');
}

/** Length in code points, as JSON Schema counts. */
export function ofLength(least: number, most: number | undefined): Language {
  if (least === 0 && most === undefined) return allTexts;
  return wholly(String.raw`[\s\S]{${least},${most ?? ''}}`);
}

/** The pattern of the one text. */
export function quote(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}
