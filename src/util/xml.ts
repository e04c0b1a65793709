/** A value in an XML document: the text of an element at `['a', 'b', '#text']`, an attribute at `['a', '@id']`. */
export interface XmlLeaf {
  path: string[];
  /** Which of the elements of its path has it, from 0. */
  at: number;
  /** Empty for an element that has neither text nor attributes nor elements. */
  value: string;
}

const token =
  /<!--[^]*?-->|<\?[^]*?\?>|<!DOCTYPE[^<>[]*>|<!\[CDATA\[(?<data>[^]*?)\]\]>|<\/(?<end>[^\s<>]+)\s*>|<(?<start>[^\s<>/!?]+)(?<attributes>(?:\s+[^\s=<>/]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(?<alone>\/?)>|(?<text>[^<]+)/gy;

const attribute = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Elements within each other: their paths take the square of that. */
const deepest = 1000;

interface Open {
  name: string;
  at: number;
  text: string;
  isEmpty: boolean;
}

/** The values of an XML document in its order, without the blanks between elements; undefined of what is no XML, or too deep. */
export function xmlLeaves(document: string): XmlLeaf[] | undefined {
  const leaves: XmlLeaf[] = [];
  const open: Open[] = [];
  const counts = new Map<string, number>();
  let isOver = false;
  const pathTo = (...last: string[]): string[] => [...open.map(({ name }) => name), ...last];
  const close = (): void => {
    const { text = '', isEmpty = true, at = 0 } = open.at(-1) ?? {};
    if (text.trim() !== '') leaves.push({ path: pathTo('#text'), at, value: text.trim() });
    else if (isEmpty) leaves.push({ path: pathTo(), at, value: '' });
    open.pop();
    isOver = open.length === 0;
  };
  let read = 0;
  for (const match of document.trim().matchAll(token)) {
    read += match[0].length;
    const { data, end, start, attributes = '', alone, text } = match.groups ?? {};
    const here = open.at(-1);
    if (start !== undefined) {
      if (isOver || open.length >= deepest) return undefined;
      if (here) here.isEmpty = false;
      const all = [...attributes.matchAll(attribute)].toSorted(([, a = ''], [, b = '']) => (a < b ? -1 : 1));
      const key = pathTo(start).join('\0');
      const at = counts.get(key) ?? 0;
      counts.set(key, at + 1);
      open.push({ name: start, at, text: '', isEmpty: all.length === 0 });
      for (const [, name = '', one, other = ''] of all)
        leaves.push({ path: pathTo(`@${name}`), at, value: one ?? other });
      if (alone === '/') close();
    } else if (end !== undefined) {
      if (here?.name !== end) return undefined;
      close();
    } else if (here) here.text += data ?? text ?? '';
    else if ((data ?? text ?? '').trim() !== '') return undefined;
  }
  return isOver && read === document.trim().length ? leaves : undefined;
}
