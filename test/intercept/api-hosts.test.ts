import { describe, expect, test } from '@jest/globals';
import { apiHosts } from '../../src/intercept/hosts.ts';
import { readApi } from '../../src/openapi/api.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function hostsOf(spec: object): Promise<string[]> {
  const whole = { openapi: '3.1.0', info: { title: 'An API', version: '1' }, paths: {}, ...spec };
  await using folder = await temporaryFolder({ 'spec.json': JSON.stringify(whole) });
  return apiHosts(await readApi(`${folder.path}/spec.json`));
}

describe('the hosts of an API', () => {
  test('are those of the servers and the token URL of the bundled specification', async () => {
    expect(apiHosts(await readApi('openapi/arzamed.yaml'))).toEqual([
      'api-uat.nextgen.arzamed.com',
      'api.nextgen.arzamed.com',
      'token-url-of-your-clinic.invalid',
    ]);
  });

  test('are also those of servers of a path or an operation', async () => {
    const get = { responses: { default: { description: 'Any.' } }, servers: [{ url: 'https://c.test' }] };
    const paths = { '/x': { servers: [{ url: 'https://b.test/v1' }], get } };
    expect(await hostsOf({ servers: [{ url: 'https://a.test' }], paths })).toEqual(['a.test', 'b.test', 'c.test']);
  });

  test('are named once, in small letters, without port and without a dot at the end', async () => {
    const servers = ['https://A.test:8443', 'http://a.test/v1', 'https://a.test./v2'].map((url) => ({ url }));
    expect(await hostsOf({ servers })).toEqual(['a.test']);
  });

  test('have the defaults in the place of variables', async () => {
    const servers = [{ url: 'https://{region}.a.test', variables: { region: { default: 'eu' } } }];
    expect(await hostsOf({ servers })).toEqual(['eu.a.test']);
  });

  test('may be addresses', async () => {
    const servers = [{ url: 'https://192.0.2.1/v1' }, { url: 'https://[2001:db8::1]/v1' }];
    expect(await hostsOf({ servers })).toEqual(['192.0.2.1', '2001:db8::1']);
  });

  test.each([
    '/v1',
    'http://localhost:8080',
    'http://127.0.0.1',
    'http://[::1]:80',
    'https://{nobody}.a.test',
    'https://:x',
  ])('do not come from %s', async (url) => {
    expect(await hostsOf({ servers: [{ url: 'https://a.test' }, { url }] })).toEqual(['a.test']);
  });
});
