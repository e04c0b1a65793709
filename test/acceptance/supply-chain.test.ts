// What the package is made of: its bill of materials, licences, hashes of the lock files, and advisories.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { bundle } from '../../scripts/bundle.ts';
import { packagesIn } from '../../scripts/licences.ts';
import { mistakesIn, packagesOf, read, type Bill, type Component } from '../support/bills.ts';
import { run, type Ended } from '../support/command.ts';
import { isLong } from '../support/runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const inLong = isLong ? test : test.skip;

/** Titles and text of each licence that the package holds. */
async function licences(): Promise<{ titles: string[]; text: string }[]> {
  const [, ...rest] = (await readFile('dist/THIRD-PARTY-LICENCES.txt', 'utf8')).split('\n\n');
  const parts = rest.join('\n\n').split(`\n\n${'-'.repeat(80)}\n\n`);
  return parts.map((part) => {
    const end = part.indexOf('\n\n');
    return { titles: part.slice(0, end).split('\n'), text: part.slice(end) };
  });
}

describe('the bill of materials of the package', () => {
  inLong('is valid CycloneDX', async () => {
    expect(await mistakesIn(await read('dist/sbom.cdx.json'))).toBeNull();
  });

  test('names each package whose licence is in the package, and no other', async () => {
    const titles = (await licences())
      .flatMap((each) => each.titles)
      .filter((title) => /^\S+ \d+\.\d+\.\d+/.test(title));
    expect(packagesOf(await read('dist/sbom.cdx.json'))).toEqual(titles.toSorted());
    expect(titles.length).toBeGreaterThan(100);
  });

  inLong('names each package that is in the bundle, and no other', async () => {
    await using folder = await temporaryFolder();
    const manifests = packagesIn(await bundle(folder.path)).map((each) => read<Component>(join(each, 'package.json')));
    const bundled = (await Promise.all(manifests)).map(({ name, version }) => `${name} ${version}`);
    expect(packagesOf(await read('dist/sbom.cdx.json'))).toEqual([...new Set(bundled)].toSorted());
  });

  test('has licence and hash of each package', async () => {
    const { components } = await read<Bill>('dist/sbom.cdx.json');
    const lacking = components.filter(({ licenses, hashes, type }) => !licenses || (type === 'library' && !hashes));
    expect(lacking).toEqual([]);
  });
});

test('a licence in the package is a text, and no mere name', async () => {
  const terms = /Permission (is hereby granted|to use)|Redistribution and use|Apache License|Unlicense|Blue Oak|CC0/i;
  expect((await licences()).filter(({ text }) => !terms.test(text))).toEqual([]);
});

test.each(['package-lock.json', 'bench/package-lock.json', 'test/clients/package-lock.json'])(
  '%s has an integrity hash of every package',
  async (path) => {
    const { packages } = await read<{ packages: Record<string, { integrity?: string; inBundle?: boolean }> }>(path);
    const entries = Object.entries(packages).filter(([name, { inBundle }]) => name !== '' && inBundle !== true);
    expect(entries.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([name]) => name)).toEqual([]);
  },
);

describe('npm run audit', () => {
  const advisory = {
    id: 1,
    url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
    title: 'Loops for ever',
    severity: 'high',
    vulnerable_versions: '<2.0.0',
  };

  /** Runs it in a project of one package, with a registry that answers this. */
  async function audit(verdicts: object, advisories?: object): Promise<Ended> {
    const registry = createServer((request, response) => {
      request.resume();
      const isAsked = advisories !== undefined && request.url?.endsWith('/advisories/bulk');
      response.writeHead(isAsked ? 200 : 405, { 'content-type': 'application/json' });
      response.end(isAsked ? JSON.stringify(advisories) : '{}');
    }).listen(0, '127.0.0.1');
    await once(registry, 'listening');
    const address = registry.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const packages = {
      '': { name: 'audited', version: '1.0.0', dependencies: { one: '1.0.0' } },
      'node_modules/one': { version: '1.0.0', integrity: 'sha512-AAAA' },
    };
    await using project = await temporaryFolder({
      'package.json': JSON.stringify(packages['']),
      'package-lock.json': JSON.stringify({ name: 'audited', version: '1.0.0', lockfileVersion: 3, packages }),
      'scripts/advisories.json': JSON.stringify(verdicts),
      '.npmrc': `registry=http://127.0.0.1:${port}/\nfetch-retries=0\n`,
    });
    const env: NodeJS.ProcessEnv = { ...process.env, npm_config_cache: join(project.path, 'cache') };
    delete env.npm_config_registry;
    const ended = await run(process.execPath, [resolve('scripts/audit.ts')], { cwd: project.path, env });
    registry.closeAllConnections();
    registry.close();
    return ended;
  }

  test('fails for an advisory without a verdict', async () => {
    const { code, stdout } = await audit({}, { one: [advisory] });
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout:
        'GHSA-aaaa-bbbb-cccc high one <2.0.0: Loops for ever\n  NO VERDICT\n' +
        'Packages: 1, advisories: 1, without a verdict: 1.\n' +
        'Update the package, or write why the advisory does not apply here into scripts/advisories.json.\n',
    });
  });

  inLong('prints verdicts, and names those that no package needs any more', async () => {
    const verdicts = { 'GHSA-aaaa-bbbb-cccc': 'Only in tests.', 'GHSA-gone': 'Not called.' };
    const { code, stdout } = await audit(verdicts, { one: [advisory] });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        'GHSA-aaaa-bbbb-cccc high one <2.0.0: Loops for ever\n  Only in tests.\n' +
        'GHSA-gone does not concern any package now: remove it from scripts/advisories.json.\n' +
        'Packages: 1, advisories: 1, without a verdict: 0.\n',
    });
  });

  inLong('says so if the registry gives no advisories', async () => {
    expect(await audit({})).toMatchObject({ code: 2, stdout: expect.stringContaining('nothing was audited') });
  });
});
