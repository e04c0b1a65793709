import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { compareBySecondVoice } from '../../src/contract/comparator.ts';
import { checkGuarantees } from '../../src/contract/guarantee/check-guarantees.ts';
import { readContracts } from '../../src/contract/pact/read-contracts.ts';
import type { Verdict } from '../../src/contract/verdict.ts';
import type { OpenApiDocument } from '../../src/spec/document.ts';
import { readSpec } from '../../src/spec/read.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { changed, contractOf, ferries, ferriesWith, kept, set, type Parts } from './guarantee/ferries.ts';

async function voices(document: OpenApiDocument, interactions: Record<string, Parts>): Promise<Verdict[]> {
  const contracts = [contractOf(interactions)];
  return compareBySecondVoice(document, contracts, checkGuarantees(document, contracts));
}

describe('the second voice', () => {
  test('finds no gap where the proof finds none', async () => {
    const verdicts = await voices(ferries, kept);
    expect(verdicts.map(({ result, interaction }) => [interaction, result])).toEqual(
      Object.keys(kept).map((name) => [name, 'holds']),
    );
  });

  test('agrees on what both can see', async () => {
    const document = ferriesWith(set('/paths/~1sailings/get/parameters/0/schema/pattern', '^\\d+$'));
    const verdicts = await voices(document, changed('find', {}));
    expect(verdicts).toMatchObject([
      { net: 'comparator', result: 'broken', place: expect.stringContaining('$.request.query') },
    ]);
  });

  test('says where it sees nothing of what the proof found', async () => {
    const document = ferriesWith(set('/components/schemas/Sailing/required', ['id']));
    const verdicts = await voices(document, changed('find', {}));
    expect(verdicts).toMatchObject([{ result: 'holds', sentence: expect.stringContaining('the proof finds 2') }]);
  });

  test('is open where it alone complains', async () => {
    const contracts = [contractOf(changed('find', { request: { headers: {} } }))];
    const document = ferriesWith((each) => {
      set('/components/securitySchemes/bookingOAuth', { type: 'http', scheme: 'bearer' })(each);
    });
    const verdicts = await compareBySecondVoice(document, contracts, []);
    expect(verdicts).toMatchObject([
      { result: 'not verifiable', sentence: expect.stringContaining('one of them is wrong') },
    ]);
  });

  test('has nothing against the contracts of this repository', async () => {
    const contracts = await readContracts('contracts');
    const verdicts = await compareBySecondVoice(await readSpec('openapi/arzamed.yaml'), contracts, []);
    expect(new Set(verdicts.map(({ result }) => result))).toEqual(new Set(['holds']));
    expect(verdicts.length).toBe(contracts.flatMap(({ interactions }) => interactions).length);
  });

  test('is left open where it is not installed, and says how it is', async () => {
    await using folder = await temporaryFolder();
    const verdicts = await compareBySecondVoice(ferries, [contractOf(kept)], [], [join(folder.path, 'any.js')]);
    expect(verdicts).toMatchObject([
      {
        net: 'comparator',
        result: 'not verifiable',
        sentence: expect.stringContaining('npm install --save-dev @pactflow/openapi-pact-comparator@'),
      },
    ]);
  });
});
