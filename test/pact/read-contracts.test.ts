import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readContracts } from '../../src/pact/read-contract.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { interaction, pactText } from './support.ts';

describe('contracts are read', () => {
  test('from a folder, by name, whatever else lies there', async () => {
    await using folder = await temporaryFolder({
      'b.json': pactText('2.0.0', [interaction()]),
      'a.json': pactText('4.0', [interaction()]),
      'README.md': '# Contracts',
    });
    const contracts = await readContracts(folder.path);
    expect(contracts.map(({ file, version }) => [file, version])).toEqual([
      [join(folder.path, 'a.json'), 4],
      [join(folder.path, 'b.json'), 2],
    ]);
  });

  test('from one file, named as a person would type it', async () => {
    const contracts = await readContracts('contracts/arzamed-devkit-arzamed-api.json');
    expect(contracts.map(({ file, interactions }) => [file, interactions.length])).toEqual([
      ['contracts/arzamed-devkit-arzamed-api.json', 7],
    ]);
  });
});

describe('it is told that', () => {
  test('a folder holds no contract', async () => {
    await using folder = await temporaryFolder({ 'README.md': '# Contracts' });
    await expect(readContracts(folder.path)).rejects.toMatchObject({ code: 'contracts_missing' });
  });

  test('there is no such folder', async () => {
    await expect(readContracts('no/such/folder')).rejects.toMatchObject({
      code: 'contracts_missing',
      message: expect.stringContaining('no/such/folder'),
    });
  });

  test('one of several cannot be used, and which', async () => {
    await using folder = await temporaryFolder({ 'a.json': pactText('4.0', [interaction()]), 'b.json': '{' });
    await expect(readContracts(folder.path)).rejects.toMatchObject({
      code: 'contract_unreadable',
      message: expect.stringContaining('b.json'),
    });
  });
});
