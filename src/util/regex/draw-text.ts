import { drawBelow, drawFrom, type Random } from '../random.ts';
import { intersect, UnsupportedRegex, type Characters, type RegexTree } from './ast.ts';
import { parseRegex } from './parse.ts';

/** Letters and digits need no escape anywhere; other visible characters come only where a pattern has none of these. */
const preferred: readonly Characters[] = [
  [
    [48, 57],
    [65, 90],
    [97, 122],
  ],
  [[33, 126]],
  [[32, 32]],
];

/**
 * A text for a pattern of JSON Schema. What a pattern asserts of the borders is not considered, so the caller must check
 * that the text matches. Undefined where the pattern cannot be read.
 * @param more how often a part without an upper limit is repeated at most, beyond the least.
 */
export function drawText(pattern: string, random: Random, more = 8): string | undefined {
  try {
    return ofTree(parseRegex(pattern, 'ecma'), random, more);
  } catch (error) {
    if (error instanceof UnsupportedRegex) return undefined;
    throw error;
  }
}

function ofTree(tree: RegexTree, random: Random, more: number): string {
  switch (tree.kind) {
    case 'characters':
      return ofCharacters(tree.set, random);
    case 'sequence':
      return tree.parts.map((part) => ofTree(part, random, more)).join('');
    case 'choice': {
      const part = drawFrom(random, tree.parts);
      return part ? ofTree(part, random, more) : '';
    }
    case 'repeat': {
      const most = Math.min(tree.most ?? Infinity, tree.least + more);
      const count = tree.least + drawBelow(random, most - tree.least + 1);
      return Array.from({ length: count }, () => ofTree(tree.part, random, more)).join('');
    }
    case 'assert':
      break;
  }
  return '';
}

function ofCharacters(set: Characters, random: Random): string {
  const some = preferred.map((each) => intersect(set, each)).find((each) => each.length > 0) ?? set;
  const [from, to] = drawFrom(random, some) ?? [0, 0];
  return String.fromCodePoint(from + drawBelow(random, to - from + 1));
}
