import { expect, test } from '@jest/globals';
import { isReadable, shapesOf, writtenTexts } from '../../src/openapi/parameters.ts';

const list = ['a', 'b'];
const object = { k: 'a', l: 'b' };

test.each<[style: string, explode: boolean, value: unknown, texts: [string, string][]]>([
  [
    'form',
    true,
    list,
    [
      ['f', 'a'],
      ['f', 'b'],
    ],
  ],
  ['form', false, list, [['f', 'a,b']]],
  [
    'form',
    true,
    object,
    [
      ['k', 'a'],
      ['l', 'b'],
    ],
  ],
  ['form', false, object, [['f', 'k,a,l,b']]],
  ['simple', false, object, [['f', 'k,a,l,b']]],
  ['simple', true, object, [['f', 'k=a,l=b']]],
  ['label', false, 5, [['f', '.5']]],
  ['label', false, list, [['f', '.a,b']]],
  ['label', true, list, [['f', '.a.b']]],
  ['label', true, object, [['f', '.k=a.l=b']]],
  ['matrix', false, true, [['f', ';f=true']]],
  ['matrix', false, list, [['f', ';f=a,b']]],
  ['matrix', true, list, [['f', ';f=a;f=b']]],
  ['matrix', false, object, [['f', ';f=k,a,l,b']]],
  ['matrix', true, object, [['f', ';k=a;l=b']]],
  ['spaceDelimited', false, list, [['f', 'a b']]],
  ['pipeDelimited', false, list, [['f', 'a|b']]],
  [
    'deepObject',
    true,
    object,
    [
      ['f[k]', 'a'],
      ['f[l]', 'b'],
    ],
  ],
])('a value is written in the style %s (explode: %s)', (style, explode, value, texts) => {
  expect(writtenTexts({ style, explode }, 'f', value)).toEqual(texts);
});

test.each(
  ['form', 'simple', 'label', 'matrix', 'pipeDelimited', 'spaceDelimited'].flatMap((style) =>
    [list, object].map((value) => [style, value] as const),
  ),
)('what is written in the style %s is read again', (style, value) => {
  const texts = writtenTexts({ style, explode: false }, 'f', value).map(([, text]) => text);
  expect(Object.values(shapesOf({ style, explode: false }, 'f', texts))).toContainEqual(value);
});

test('a list whose items have its separator is not readable', () => {
  expect(isReadable({ style: 'simple', explode: false }, 'f', ['a,b'])).toBe(false);
  expect(isReadable({ style: 'pipeDelimited', explode: false }, 'f', ['a,b'])).toBe(true);
});
