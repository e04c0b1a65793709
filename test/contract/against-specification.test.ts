import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { OpenApiDocument } from '../../src/spec/document.ts';
import { readSpec } from '../../src/spec/read.ts';
import { serverUrl } from '../../src/spec/server.ts';
import { run } from '../support/command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const contracts = (await readdir('contracts')).filter((name) => name.endsWith('.json'));
const document = await readSpec('openapi/arzamed.yaml');

/** The comparator does not look at servers, so their path goes in front of each path. */
function withServerPaths({ servers, paths = {}, ...rest }: OpenApiDocument): OpenApiDocument {
  const whole = Object.entries(paths).map(([path, item]) => {
    const { pathname } = serverUrl(item.servers ?? servers);
    return [pathname.replace(/\/$/, '') + path, item] as const;
  });
  return { ...rest, paths: Object.fromEntries(whole) };
}

/** What the command line of @pactflow/openapi-pact-comparator finds, one line for each disagreement. */
async function disagreements(contract: string, specification: OpenApiDocument = document): Promise<string[]> {
  await using folder = await temporaryFolder({ 'spec.json': JSON.stringify(withServerPaths(specification)) });
  const spec = join(folder.path, 'spec.json');
  const { stdout, stderr } = await run('node_modules/.bin/opc', ['--oas', spec, join('contracts', contract)]);
  if (stderr !== '') throw new Error(stderr);
  const results: { message: string }[] = JSON.parse(stdout);
  return results.map(({ message }) => message);
}

describe('the specification allows what the contract says', () => {
  test.each(contracts)('%s', async (contract) => {
    expect(await disagreements(contract)).toEqual([]);
  });
});

describe('the comparison notices', () => {
  test.each([
    ['a property that the specification has with another type', '"type":["string","null"]', '"type":"integer"'],
    ['a path that the specification does not have', '"/equipe/doctors"', '"/equipe/staff"'],
    ['a status that the specification does not have', '"503"', '"504"'],
  ])('%s', async (_name, before, after) => {
    const changed: OpenApiDocument = JSON.parse(JSON.stringify(document).replace(before, after));
    expect(await disagreements('arzamed-devkit-arzamed-api.json', changed)).not.toEqual([]);
  });
});
