import * as fc from 'fast-check';

/** An example of a contract with its rules, and a value that may keep them or not. */
export interface Sample {
  example: unknown;
  rules: Record<string, { combine: string; matchers: object[] }>;
  value: unknown;
}

const scalar = fc.constantFrom<unknown>(
  null,
  true,
  false,
  0,
  1,
  7,
  2.5,
  'a',
  'b',
  'ab',
  '',
  '2024-01-31',
  '1.2.3',
  'true',
);
const name = fc.constantFrom('a', 'b', 'c');

/** Small values, so that two of them are often alike. */
export const { json } = fc.letrec<{ json: unknown; array: unknown[]; object: Record<string, unknown> }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { arbitrary: scalar, weight: 3 },
    tie('object'),
    tie('array'),
  ),
  array: fc.array(tie('json'), { maxLength: 3 }),
  object: fc.dictionary(name, tie('json'), { maxKeys: 3, noNullPrototype: true }),
}));

const simpleRules: object[] = [
  { match: 'equality' },
  { match: 'type' },
  { match: 'regex', regex: '^[a-b]+$' },
  { match: 'regex', regex: '\\d' },
  { match: 'include', value: 'a' },
  { match: 'integer' },
  { match: 'decimal' },
  { match: 'number' },
  { match: 'boolean' },
  { match: 'null' },
  { match: 'notEmpty' },
  { match: 'semver' },
  { match: 'date', format: 'yyyy-MM-dd' },
];
const listRules: object[] = [
  { match: 'type', min: 1 },
  { match: 'type', max: 2 },
  { match: 'type', min: 1, max: 2 },
  { match: 'values' },
  { match: 'eachValue', rules: [{ match: 'type' }] },
  { match: 'eachValue', rules: [{ match: 'regex', regex: 'a' }] },
  { match: 'eachKey', rules: [{ match: 'regex', regex: '^[ab]$' }] },
];

const rule = fc.constantFrom(...simpleRules, ...listRules);
const list = fc
  .tuple(
    fc.oneof({ weight: 4, arbitrary: fc.tuple(rule) }, fc.tuple(rule, fc.constantFrom(...simpleRules))),
    fc.constantFrom('AND', 'AND', 'OR'),
  )
  .map(([matchers, combine]) => ({ combine, matchers: [...matchers] }));

/** Paths to the places of an example, with stars here and there. */
export function pathsOf(example: unknown, path = '$'): string[] {
  if (Array.isArray(example))
    return [
      path,
      ...example.flatMap((item, index) => [...pathsOf(item, `${path}[*]`), ...pathsOf(item, `${path}[${index}]`)]),
    ];
  if (typeof example !== 'object' || example === null) return [path];
  return [
    path,
    ...Object.entries(example).flatMap(([key, value]) => [...pathsOf(value, `${path}.${key}`), `${path}.*`]),
  ];
}

/** A value near another: mostly the same, changed somewhere. */
export function near(example: unknown): fc.Arbitrary<unknown> {
  if (Array.isArray(example)) {
    const items = fc.tuple(...example.map(near));
    return fc.oneof(
      { weight: 4, arbitrary: items },
      { weight: 1, arbitrary: items.map((all) => all.slice(1)) },
      { weight: 1, arbitrary: fc.tuple(items, json).map(([all, more]) => [...all, all[0] ?? more]) },
      { weight: 1, arbitrary: json },
    );
  }
  if (typeof example === 'object' && example !== null) {
    const same = fc.record(Object.fromEntries(Object.entries(example).map(([key, value]) => [key, near(value)])), {
      noNullPrototype: true,
    });
    return fc.oneof(
      { weight: 4, arbitrary: same },
      { weight: 1, arbitrary: same.map((all) => Object.fromEntries(Object.entries(all).slice(1))) },
      { weight: 1, arbitrary: fc.tuple(same, name, json).map(([all, key, value]) => ({ ...all, [key]: value })) },
      { weight: 1, arbitrary: json },
    );
  }
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(example) },
    { weight: 2, arbitrary: scalar },
    { weight: 1, arbitrary: json },
  );
}

export const contracts: fc.Arbitrary<Sample> = json.chain((example) => {
  const content = example === null || example === '' ? { a: example } : example;
  const paths = [...new Set(pathsOf(content))];
  return fc.record({
    example: fc.constant(content),
    rules: fc.dictionary(fc.constantFrom(...paths), list, { maxKeys: 3, noNullPrototype: true }),
    value: near(content),
  });
});
