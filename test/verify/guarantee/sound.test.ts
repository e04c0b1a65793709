import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { compileBody } from '../../../src/matching/compile.ts';
import { satisfies } from '../../../src/matching/matchers.ts';
import { prove } from '../../../src/verify/guarantee/proof/prove.ts';
import { Schemas } from '../../../src/verify/guarantee/proof/schemas.ts';
import { valueAt } from '../../../src/util/json.ts';
import { flawsOf, readBodyRules } from '../../../src/pact/read-rules.ts';
import { contracts, json, near } from './arbitraries.ts';
import { documentWith, schemaFor } from './schema-arbitraries.ts';
import { runs } from '../../support/runs.ts';

const root = ['components', 'schemas', 'Root'];

/** A schema, a contract that was made to fit it or nearly so, and values that the schema may allow. */
const cases = contracts.chain(({ example, rules }) =>
  fc.record({
    example: fc.constant(example),
    rules: fc.constant(rules),
    schema: schemaFor(example),
    version: fc.constantFrom('3.0.3', '3.1.0'),
    values: fc.array(fc.oneof({ weight: 3, arbitrary: near(example) }, { weight: 1, arbitrary: json }), {
      minLength: 40,
      maxLength: 40,
    }),
  }),
);

// That `satisfies` judges as Pact does is shown in pact-agrees.test.ts.
describe('for any schema and any contract', () => {
  test.each([1, 2, 3].slice(0, runs(2, 3)))(
    'what is said to hold does, and what is shown not to is said to be broken (seed %i)',
    (seed) => {
      const seen = new Set<string>();
      fc.assert(
        fc.property(cases, ({ example, rules, schema, version, values }) => {
          const schemas = new Schemas(documentWith(schema, version));
          const demand = compileBody(example, readBodyRules(rules, flawsOf('x.json')), '$');
          const findings = prove(schemas, root, demand);
          const allowed = values.filter((value) => schemas.allows([root], value) === true);
          const refused = allowed.filter((value) => satisfies(value, demand) === false);
          const results = new Set(findings.map(({ result }) => result));
          const told = results.has('broken') ? 'broken' : results.has('not verifiable') ? 'not verifiable' : 'holds';
          seen.add(`${told} ${refused.length > 0 ? 'refused' : allowed.length > 0 ? 'allowed' : 'unknown'}`);
          // Where values among those that are listed are decided by request and state, the rest holds beside these.
          const decided = findings.flatMap(({ rule, place }) => (rule === 'possible value' ? [place] : []));
          const beside = refused.filter((value) => decided.every((place) => isSameAt(place, value, example)));
          if (told === 'holds' && !decided.some((place) => place.includes('['))) expect(beside).toEqual([]);
          if (refused.length > 0 && !isDecidedByState(findings) && !/"(oneOf|not)":/.test(JSON.stringify(schema)))
            expect({ refused, findings, told }).toEqual({ refused, findings, told: 'broken' });
        }),
        { seed, numRuns: runs(100, 400), endOnFailure: true },
      );
      // The cases are worth something: there are many of each kind.
      expect([...seen].toSorted()).toEqual(
        expect.arrayContaining(['broken allowed', 'broken refused', 'holds allowed', 'not verifiable refused']),
      );
    },
  );
});

function isSameAt(place: string, value: unknown, example: unknown): boolean {
  const steps = place.split('.').slice(1);
  return isDeepStrictEqual(valueAt(value, steps), valueAt(example, steps));
}

/** A union of two kinds, each with a property of its own, and one of both of its values. */
const unions = fc.record({
  kinds: fc.constantFrom(['x', 'y'], [true, false], [1, 2], ['x', 'x']),
  closed: fc.boolean(),
  required: fc.subarray(['kind', 'own']),
  types: fc.array(fc.constantFrom('string', 'integer'), { minLength: 2, maxLength: 2 }),
  exact: fc.boolean(),
});

test('for any union, what is said to hold does for values of the kind that the contract names', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(unions, ({ kinds, closed, required, types, exact }) => {
      const members = kinds.map((kind, index) => ({
        type: 'object',
        required,
        properties: { kind: { enum: [kind] }, own: { type: types[index] } },
        ...(closed ? { additionalProperties: false } : {}),
      }));
      const schemas = new Schemas(documentWith({ anyOf: members }, '3.1.0'));
      const example = { kind: kinds[0], own: types[0] === 'string' ? 'a' : 1 };
      const type = { matchers: [{ match: 'type' }] };
      const rules = exact ? { '$.own': type } : { $: type };
      const demand = compileBody(example, readBodyRules(rules, flawsOf('x.json')), '$');
      const values = kinds.flatMap((kind) =>
        ['a', 1, undefined].map((own) => (own === undefined ? { kind } : { kind, own })),
      );
      const of = values.filter((value) => !exact || value.kind === kinds[0]);
      const refused = of.filter(
        (value) => schemas.allows([root], value) === true && satisfies(value, demand) === false,
      );
      const holds = prove(schemas, root, demand).every(({ result }) => result === 'holds');
      seen.add(`${holds} ${refused.length > 0}`);
      if (holds) expect(refused).toEqual([]);
    }),
    { seed: 1, numRuns: runs(60, 500), endOnFailure: true },
  );
  expect([...seen].toSorted()).toEqual(expect.arrayContaining(['false true', 'true false']));
});

/** Whether a value without a rule, or the length of an array without one, is all that was left open. */
function isDecidedByState(findings: ReturnType<typeof prove>): boolean {
  return findings.some(
    ({ result, rule }) =>
      rule === 'possible value' || (result === 'not verifiable' && (rule === 'value' || rule === 'length')),
  );
}
