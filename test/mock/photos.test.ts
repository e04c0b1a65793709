// The photos of the clinics, at the mock's own address: no other host is needed to see them in a browser.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClient } from '../../src/client/index.ts';
import type { Mock, MockSandbox } from '../../src/mock/index.ts';
import { keyOf, tokenUrlOf } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const photo = '/_mock/photos/assets.arzamed.com/photos/a1b2c3.jpg';

async function photosOf(world: MockSandbox): Promise<string[]> {
  const { baseUrl } = world;
  const client = createClient({ baseUrl, tokenUrl: tokenUrlOf(world, 'bianchi'), ...keyOf(world, 'bianchi') });
  return (await client.listDoctors()).flatMap(({ profileImage }) => profileImage ?? []);
}

describe('a photo', () => {
  let mock: Mock;
  beforeAll(async () => {
    mock = await startUsualMock({ controlToken: 'not-a-secret' });
  });
  afterAll(() => mock.close());

  test('is served to a page of any host, without a token', async () => {
    const response = await fetch(mock.url + photo, { headers: { Origin: 'https://app.example' } });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(Buffer.from(await response.arrayBuffer()).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  });

  test('is served by a sandbox as well', async () => {
    await using sandbox = mock.sandboxes.create();
    expect((await fetch(sandbox.url + photo)).status).toBe(200);
  });

  test.each([photo.replace('a1b2', 'none'), photo.replace('assets', 'other'), '/_mock/photos/', '/_mock/photos/%ff'])(
    'is not there where no answer leads: %s',
    async (path) => {
      expect((await fetch(mock.url + path)).status).toBe(404);
    },
  );

  test('keeps its URL in the answers', async () => {
    expect(await photosOf(mock)).toContain('https://assets.arzamed.com/photos/a1b2c3.jpg');
  });
});

test('with rewritePhotos, the answers lead to the mock, also after a reset and in a sandbox', async () => {
  await using mock = await startUsualMock({ rewritePhotos: true });
  mock.reset();
  await using sandbox = mock.sandboxes.create();
  for (const world of [mock, sandbox]) {
    const photos = await photosOf(world);
    expect(photos).toContain(mock.url + photo);
    for (const url of photos) expect((await fetch(url)).status).toBe(200);
  }
});
