import type { Characters } from '../../contract/guarantee/language/characters.ts';

/** A regular expression, taken apart. `most` is undefined where there is no end to it. */
export type RegexTree =
  | { kind: 'characters'; set: Characters }
  | { kind: 'sequence'; parts: readonly RegexTree[] }
  | { kind: 'choice'; parts: readonly RegexTree[] }
  | { kind: 'repeat'; part: RegexTree; least: number; most: number | undefined }
  | { kind: 'assert'; what: Assertion };

/** `line` is a border of a line, `text` one of the whole text. */
export type Assertion = 'text start' | 'text end' | 'line start' | 'line end' | 'last line end' | 'word' | 'no word';

/**
 * `ecma`: patterns of JSON Schema, which are looked for anywhere in a text. `pact`: those of Pact, which match a text from its
 * beginning to its end, by Oniguruma, where `^` and `$` are borders of lines.
 */
export type Dialect = 'ecma' | 'pact';

export class UnsupportedRegex extends Error {}
