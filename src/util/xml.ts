/** A value in an XML document: the text of an element at `['a', 'b', '#text']`, an attribute at `['a', '@id']`. */
export interface XmlLeaf {
  path: string[];
  /** Empty for an element that has neither text nor attributes nor elements. */
  value: string;
}

const token =
  /<!--[^]*?-->|<\?[^]*?\?>|<!DOCTYPE[^<>[]*>|<!\[CDATA\[(?<data>[^]*?)\]\]>|<\/(?<end>[^\s<>]+)\s*>|<(?<start>[^\s<>/!?]+)(?<attributes>(?:\s+[^\s=<>/]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(?<alone>\/?)>|(?<text>[^<]+)/gy;

const attribute = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

interface Open {
  name: string;
  text: string;
  isEmpty: boolean;
}

/** The values of an XML document in its order, without the blanks between elements; undefined of what is no XML. */
export function xmlLeaves(document: string): XmlLeaf[] | undefined {
  const leaves: XmlLeaf[] = [];
  const open: Open[] = [];
  let isOver = false;
  const pathTo = (...last: string[]): string[] => [...open.map(({ name }) => name), ...last];
  const close = (): void => {
    const { text = '', isEmpty = true } = open.at(-1) ?? {};
    if (text.trim() !== '') leaves.push({ path: pathTo('#text'), value: text.trim() });
    else if (isEmpty) leaves.push({ path: pathTo(), value: '' });
    open.pop();
    isOver = open.length === 0;
  };
  let read = 0;
  for (const match of document.trim().matchAll(token)) {
    read += match[0].length;
    const { data, end, start, attributes = '', alone, text } = match.groups ?? {};
    const here = open.at(-1);
    if (start !== undefined) {
      if (isOver) return undefined;
      if (here) here.isEmpty = false;
      const all = [...attributes.matchAll(attribute)];
      open.push({ name: start, text: '', isEmpty: all.length === 0 });
      for (const [, name = '', one, other = ''] of all) leaves.push({ path: pathTo(`@${name}`), value: one ?? other });
      if (alone === '/') close();
    } else if (end !== undefined) {
      if (here?.name !== end) return undefined;
      close();
    } else if (here) here.text += data ?? text ?? '';
    else if ((data ?? text ?? '').trim() !== '') return undefined;
  }
  return isOver && read === document.trim().length ? leaves : undefined;
}
