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

/** Characters that are drawn at most. */
const longest = 100_000;

/**
 * A text for a pattern of JSON Schema. What a pattern asserts of the borders is not considered, so the caller must check
 * that the text matches. Undefined where the pattern cannot be read.
 * @param more how often a part without an upper limit is repeated at most, beyond the least.
 */
export function drawText(pattern: string, random: Random, more = 8): string | undefined {
  try {
    const tree = parseRegex(pattern, 'ecma');
    return leastOf(tree) > longest ? undefined : ofTree(tree, random, more);
  } catch (error) {
    if (error instanceof UnsupportedRegex) return undefined;
    throw error;
  }
}

/** How many characters a text of a pattern has at least; 0 where the pattern cannot be read. */
export function leastLength(pattern: string): number {
  try {
    return leastOf(parseRegex(pattern, 'ecma'));
  } catch (error) {
    if (error instanceof UnsupportedRegex) return 0;
    throw error;
  }
}

/** An empty part counts as one character: to repeat it takes time as well. */
function leastOf(tree: RegexTree): number {
  switch (tree.kind) {
    case 'sequence':
      return tree.parts.reduce((sum, part) => sum + leastOf(part), 0);
    case 'choice':
      return Math.min(...tree.parts.map(leastOf));
    case 'repeat':
      return tree.least * Math.max(1, leastOf(tree.part));
    case 'group':
      return leastOf(tree.part);
    case 'characters':
      return 1;
    case 'look':
    case 'back':
    case 'assert':
      break;
  }
  return 0;
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
      const most = Math.min(tree.most ?? Infinity, tree.least + (leastOf(tree.part) > 100 ? 0 : more));
      const count = tree.least + drawBelow(random, most - tree.least + 1);
      return Array.from({ length: count }, () => ofTree(tree.part, random, more)).join('');
    }
    case 'group':
      return ofTree(tree.part, random, more);
    case 'back':
      throw new UnsupportedRegex('a reference back');
    // What a pattern looks around for, the text may have by chance.
    case 'look':
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
