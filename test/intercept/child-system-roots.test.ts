import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { describe, expect, test } from '@jest/globals';
import { systemRoots } from '../../src/intercept/child/trust.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const [one = '', two = ''] = rootCertificates;

describe('the roots of the system', () => {
  test('are those of the first file that there is', async () => {
    await using folder = await temporaryFolder({ 'empty.pem': '', 'one.pem': one, 'two.pem': two });
    const files = ['missing.pem', 'empty.pem', 'one.pem', 'two.pem'].map((name) => join(folder.path, name));
    expect(systemRoots(files)).toHaveLength(1);
  });

  test("are at least Node's, where there is no such file", () => {
    expect(systemRoots([]).length).toBeGreaterThanOrEqual(new Set(rootCertificates).size);
  });
});
