import * as fc from 'fast-check';

type ScalarFields = Readonly<Record<string, unknown>>;

/** Letters that mean the same in paths, headers, queries and bodies: what is tried is the API, not its percent-encoding. */
const letter = fc.stringMatching(/^[\w-]$/);

/** Whole numbers within the bounds of a schema. */
export function integers({
  minimum,
  maximum,
  exclusiveMinimum,
  exclusiveMaximum,
  multipleOf,
}: ScalarFields): fc.Arbitrary<number> {
  // OpenAPI 3.0 says by a boolean that the bound itself is excluded.
  const above = exclusiveMinimum === true ? numberOr(minimum, 0) : exclusiveMinimum;
  const below = exclusiveMaximum === true ? numberOr(maximum, 0) : exclusiveMaximum;
  const min = Math.max(Math.ceil(numberOr(minimum, -Infinity)), numberOr(above, -Infinity) + 1);
  const max = Math.min(Math.floor(numberOr(maximum, Infinity)), numberOr(below, Infinity) - 1);
  const from = Number.isFinite(min) ? min : Math.min(-1000, max - 1000);
  const to = Number.isFinite(max) ? max : Math.max(1000, from + 1000);
  const step = numberOr(multipleOf, 1);
  if (step === 1 || step <= 0) return fc.integer({ min: from, max: Math.max(from, to) });
  const [first, last] = [Math.ceil(from / step), Math.floor(to / step)];
  return fc.integer({ min: first, max: Math.max(first, last) }).map((count) => count * step);
}

const formats: Readonly<Record<string, fc.Arbitrary<string>>> = {
  date: fc.integer({ min: 0, max: 20_000 }).map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10)),
  'date-time': fc.integer({ min: 0, max: 1_700_000_000 }).map((second) => new Date(second * 1000).toISOString()),
  uuid: fc.uuid(),
  email: fc.stringMatching(/^[a-z]{1,8}@example\.org$/),
  uri: fc.stringMatching(/^https:\/\/example\.org\/[a-z]{1,8}$/),
  hostname: fc.stringMatching(/^[a-z]{1,8}\.example\.org$/),
  ipv4: fc.ipV4(),
  ipv6: fc.ipV6(),
};

/** Texts by the pattern, the format or the length that a schema asks for. */
export function strings({ pattern, format, minLength, maxLength }: ScalarFields): fc.Arbitrary<string> {
  if (typeof pattern === 'string') {
    try {
      return fc.stringMatching(new RegExp(pattern));
    } catch {
      // Not every pattern can be turned round.
    }
  }
  const known = typeof format === 'string' && Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (known) return known;
  const least = Math.max(1, numberOr(minLength, 1));
  return fc.string({
    unit: letter,
    minLength: least,
    maxLength: Math.max(least, Math.min(numberOr(maxLength, least + 12), least + 12)),
  });
}

/** What a schema says, if it says a number. */
export function numberOr(value: unknown, other: number): number {
  return typeof value === 'number' ? value : other;
}
