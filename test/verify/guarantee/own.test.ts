import { describe, expect, test } from '@jest/globals';
import { checkGuarantees } from '../../../src/verify/guarantee/check-guarantees.ts';
import { readContracts } from '../../../src/pact/read-contract.ts';
import type { OpenApiDocument } from '../../../src/openapi/document.ts';
import { readSpec } from '../../../src/openapi/load/load.ts';
import { broken, set } from './ferries.ts';

const contracts = await readContracts('contracts');
const specification = await readSpec('openapi/arzamed.yaml');

/** What the contracts rely on and only these places of the specification say. */
const said = [
  '/components/schemas/Doctor/properties/name/pattern',
  '/components/schemas/Doctor/properties/profileImage/format',
  '/components/schemas/ErrorBody/properties/message/pattern',
  '/components/schemas/Token/properties/expires_in/minimum',
  '/components/headers/CacheControl/required',
  '/components/headers/CacheControl/schema/pattern',
  '/paths/~1auth~1{clinic}~1oauth2~1token/post/responses/401/headers/WWW-Authenticate/schema/pattern',
  '/paths/~1equipe~1doctors/get/responses/401/headers/WWW-Authenticate/schema/pattern',
];

function without(pointer: string): OpenApiDocument {
  const document: OpenApiDocument & Record<string, unknown> = JSON.parse(JSON.stringify(specification));
  set(pointer)(document);
  return document;
}

describe('the contracts of this repository', () => {
  test('have no gap, and nothing about them is left open', () => {
    const verdicts = checkGuarantees(specification, contracts);
    expect(verdicts.filter(({ result }) => result !== 'holds')).toEqual([]);
  });

  test('are proved, all of them', () => {
    const verdicts = checkGuarantees(specification, contracts);
    const interactions = contracts.flatMap((contract) => contract.interactions);
    expect(new Set(verdicts.map(({ interaction }) => interaction)).size).toBe(interactions.length);
    expect(verdicts.every(({ operation }) => operation !== undefined)).toBe(true);
  });

  test.each(said)('rely on %s', (pointer) => {
    expect(broken(checkGuarantees(without(pointer), contracts))).not.toEqual([]);
  });
});
