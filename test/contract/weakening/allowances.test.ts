import { describe, expect, test } from '@jest/globals';
import { readContract } from '../../../src/contract/pact/read-contract.ts';
import { allowancesName, readAllowances } from '../../../src/contract/weakening/allowances.ts';
import { checkWeakenings } from '../../../src/contract/weakening/check-weakenings.ts';
import type { Verdict } from '../../../src/contract/verdict.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { interaction, pactText } from '../pact/support.ts';

const was = readContract('a.json', pactText('3.0.0', [interaction({}, { body: { a: 1, b: 2 } })]));
const is = readContract('a.json', pactText('3.0.0', [interaction({}, { body: { a: 1 } })]));

async function check(allowances: string): Promise<Verdict[]> {
  await using folder = await temporaryFolder({ [allowancesName]: allowances });
  const base = { revision: 'main', contracts: [was], allowances: await readAllowances(folder.path) };
  return checkWeakenings([is], base);
}

describe('a weakening', () => {
  test('is broken, with place and sentence', async () => {
    expect(await check('')).toEqual([
      {
        net: 'weakening',
        result: 'broken',
        contract: 'a.json',
        interaction: 'a request',
        place: '$.response.body.b',
        rule: 'field',
        sentence: 'The contract demanded b, and does no more.',
      },
    ]);
  });

  test('holds where it is named with a reason, which is said', async () => {
    const [verdict] = await check('- { interaction: a request, place: $.response.body.b, reason: Nobody reads b. }');
    expect(verdict).toMatchObject({ result: 'holds', sentence: expect.stringContaining('Meant: Nobody reads b.') });
  });

  test.each(['interaction: another', 'place: $.response.body.a', 'rule: type', 'contract: b.json'])(
    'is broken where another is named: %s',
    async (other) => {
      const [key = ''] = other.split(':');
      const rest = key === 'interaction' || key === 'contract' ? '' : 'interaction: a request, ';
      expect(await check(`- { ${rest}${other}, reason: Because. }`)).toMatchObject([{ result: 'broken' }]);
    },
  );

  test('is none where the contract is as it was, and that is said of each interaction', () => {
    expect(checkWeakenings([was], { revision: 'main', contracts: [was], allowances: [] })).toMatchObject([
      { result: 'holds', interaction: 'a request', sentence: expect.stringContaining('main') },
    ]);
  });
});

describe('a list of what is meant is refused, with the place', () => {
  test.each([
    ['that is no YAML', '{', '$'],
    ['that is no list', 'a: 1', '$'],
    ['without a reason', '- { interaction: a }', '$[0].reason'],
    ['with a blank reason', '- { interaction: a, reason: " " }', '$[0].reason'],
    ['that names nothing', '- { reason: Because. }', '$[0]'],
    ['with what nobody knows', '- { interaction: a, reason: b, palce: c }', '$[0].palce'],
  ])('%s', async (_name, text, place) => {
    await using folder = await temporaryFolder({ [allowancesName]: text });
    await expect(readAllowances(folder.path)).rejects.toMatchObject({
      code: 'allowance_invalid',
      message: expect.stringContaining(`${allowancesName}: ${place}`),
    });
  });

  test('but a folder without one has none', async () => {
    await using folder = await temporaryFolder();
    expect(await readAllowances(folder.path)).toEqual([]);
  });
});
