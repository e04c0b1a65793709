import * as fc from 'fast-check';

/** Text of any Unicode characters. The unit `binary` of fast-check builds a table of all of them first, which takes seconds. */
export function anyText(limits: fc.ArrayConstraints = {}): fc.Arbitrary<string> {
  const character = fc.oneof(fc.integer({ min: 0, max: 0xd7_ff }), fc.integer({ min: 0xe0_00, max: 0x10_ff_ff }));
  return fc.array(character, limits).map((codes) => String.fromCodePoint(...codes));
}
