import { describe, expect, test } from '@jest/globals';
import { coverageOf } from '../../src/verify/coverage.ts';
import { readContracts } from '../../src/pact/read-contract.ts';
import { readApi } from '../../src/openapi/api.ts';

const api = await readApi('openapi/arzamed.yaml');
const [doctors, tokens] = await readContracts('contracts');

describe('what contracts look at', () => {
  test('is each documented answer with the interactions that expect it', () => {
    const coverage = coverageOf(api, doctors && tokens ? [doctors, tokens] : []);
    expect(
      Object.fromEntries(coverage.map((each) => [`${each.operation} ${each.status}`, each.interactions.length])),
    ).toEqual({
      'POST /auth/{clinic}/oauth2/token 200': 1,
      'POST /auth/{clinic}/oauth2/token 400': 1,
      'POST /auth/{clinic}/oauth2/token 401': 1,
      'GET /equipe/doctors 200': 3,
      'GET /equipe/doctors 401': 2,
      'GET /equipe/doctors 403': 1,
      'GET /equipe/doctors 503': 1,
    });
  });

  test('is each place of a body that an interaction has something at', () => {
    const [, refused] = coverageOf(api, tokens ? [tokens] : []);
    expect(refused?.fields).toEqual([
      { place: '$.error', expected: true },
      { place: '$.error_description', expected: false },
    ]);
  });

  test('is nothing without contracts', () => {
    const coverage = coverageOf(api, []);
    expect(coverage.flatMap(({ interactions }) => interactions)).toEqual([]);
    expect(coverage.flatMap(({ fields }) => fields).every(({ expected }) => !expected)).toBe(true);
  });
});
