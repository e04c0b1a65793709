import { has, wordCharacters } from './characters.ts';
import type { Assertion } from '../../../matching/regex/ast.ts';

/** Whether an assertion holds between two characters; undefined stands for the beginning and the end of the text. */
export function holds(assertion: Assertion, before: number | undefined, after: number | undefined): boolean {
  const newline = 10;
  switch (assertion) {
    case 'text start':
      return before === undefined;
    case 'text end':
      return after === undefined;
    case 'line start':
      // Not after a new line that ends the text: so it is in Oniguruma.
      return before === undefined || (before === newline && after !== undefined);
    case 'line end':
      return after === undefined || after === newline;
    case 'last line end':
      return after === undefined;
    case 'word':
      return isWord(before) !== isWord(after);
    case 'no word':
      break;
  }
  return isWord(before) === isWord(after);
}

function isWord(code: number | undefined): boolean {
  return code !== undefined && has(wordCharacters, code);
}
