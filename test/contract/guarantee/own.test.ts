import { describe, expect, test } from '@jest/globals';
import { checkGuarantees } from '../../../src/contract/guarantee/check-guarantees.ts';
import { readContracts } from '../../../src/contract/pact/read-contracts.ts';
import type { OpenApiDocument } from '../../../src/spec/document.ts';
import { readSpec } from '../../../src/spec/read.ts';
import { broken, set } from './ferries.ts';

const contracts = await readContracts('contracts');
const specification = await readSpec('openapi/arzamed.yaml');

/** What the contracts rely on and the specification does not yet say. */
const unsaid: [pointer: string, value: unknown][] = [
  ['/components/schemas/Doctor/properties/name/pattern', String.raw`^.*\S.*$`],
  ['/components/schemas/Doctor/properties/profileImage/pattern', String.raw`^https://\S+$`],
  ['/components/schemas/ErrorBody/properties/message/pattern', String.raw`^.*\S.*$`],
  ['/components/headers/CacheControl/required', true],
  ['/components/headers/CacheControl/schema/const', 'no-store'],
  ['/paths/~1auth~1{clinic}~1oauth2~1token/post/responses/401/headers/WWW-Authenticate/schema/pattern', '^Basic '],
  ['/paths/~1equipe~1doctors/get/responses/401/headers/WWW-Authenticate/schema/pattern', String.raw`^Bearer\b`],
];

/** The specification with all of that, but for what stands at one pointer. */
function saying(without?: string): OpenApiDocument {
  const document: OpenApiDocument & Record<string, unknown> = JSON.parse(JSON.stringify(specification));
  for (const [pointer, value] of unsaid) set(pointer, value)(document);
  if (without !== undefined) set(without)(document);
  return document;
}

describe('the contracts of this repository', () => {
  test('have no gap where the specification says what they rely on', () => {
    const verdicts = checkGuarantees(saying(), contracts);
    expect(broken(verdicts)).toEqual([]);
    // Which error comes, the request decides.
    const open = verdicts.filter(({ result }) => result === 'not verifiable');
    expect(new Set(open.map(({ rule, place }) => `${rule} at ${place}`))).toEqual(
      new Set(['value at $.response.body.error']),
    );
  });

  test('are proved, all of them', () => {
    const verdicts = checkGuarantees(saying(), contracts);
    const interactions = contracts.flatMap((contract) => contract.interactions);
    expect(new Set(verdicts.map(({ interaction }) => interaction)).size).toBe(interactions.length);
    expect(verdicts.every(({ operation }) => operation !== undefined)).toBe(true);
  });

  test.each(unsaid)('rely on %s', (pointer) => {
    const held = checkGuarantees(saying(), contracts).filter(({ result }) => result === 'holds').length;
    expect(checkGuarantees(saying(pointer), contracts).filter(({ result }) => result === 'holds').length).toBeLessThan(
      held,
    );
  });
});
