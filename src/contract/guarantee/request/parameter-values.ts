import { readings } from '../schema/header-texts.ts';
import type { Fields } from '../../../pact/input.ts';

/** What the texts of a parameter may stand for, by its style; the schema says which of it is meant. */
export function parameterValues({ style, explode, in: place }: Fields, texts: readonly string[]): unknown[] {
  const form = style ?? (place === 'query' || place === 'cookie' ? 'form' : 'simple');
  const exploded = explode ?? form === 'form';
  const [first = ''] = texts;
  const plain = exploded ? texts : separate(first, form);
  const arrays = [texts, plain].flatMap((each) => [each, each.map((text) => readings(text).at(-1))]);
  return [...(texts.length <= 1 ? readings(first) : []), ...arrays, ...objectsOf(plain)];
}

function separate(text: string, style: unknown): string[] {
  if (text === '') return [];
  if (style === 'spaceDelimited') return text.split(' ');
  if (style === 'pipeDelimited') return text.split('|');
  return text.replace(/^[.;]/, '').split(',');
}

/** `a,1,b,2` and `a=1,b=2` are objects too. */
function objectsOf(parts: readonly string[]): object[] {
  const pairs = parts.every((part) => part.includes('='))
    ? parts.map((part) => part.split(/=(.*)/s).slice(0, 2))
    : parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1] ?? '']] : []));
  return [0, -1].map((at) =>
    Object.fromEntries(pairs.map(([name = '', value = '']) => [name, readings(value).at(at)])),
  );
}
