import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { interceptedHosts } from '../../src/intercept/hosts.ts';
import { readWorld } from '../../src/mock/clinics/world.ts';
import { parseAnswers, type RawAnswer } from '../support/raw-http.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { echo, get, secure, send, startTestProxy, type TestProxy } from '../support/through-proxy.ts';

const handle = echo('mock');
let proxy: TestProxy;
beforeAll(async () => {
  proxy = await startTestProxy({ hosts: await interceptedHosts(await readWorld({}), handle) });
});
afterAll(() => proxy.close());

/** Asks for a URL over TLS, as a program with no setting but the proxy does. */
async function ask(url: string, method = 'GET', ...headers: string[]): Promise<RawAnswer> {
  const { host, pathname, search } = new URL(url);
  const tls = await secure(proxy, `${host}:443`);
  tls.write(get(pathname + search, host, ...headers).replace('GET', method));
  const [answer] = parseAnswers(await buffer(tls), [method]);
  if (!answer) throw new Error('There was no answer.');
  return answer;
}

/** The photos that the clinics' files name. */
async function photoUrls(): Promise<string[]> {
  const folder = 'mocks/clinics';
  const texts = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
  return [...new Set(texts.join('').match(/https:\/\/\S+\.jpg/g))];
}

const photo = 'https://assets.arzamed.com/photos/a1b2c3.jpg';

describe('a photo', () => {
  test('is there for each that a clinic has', async () => {
    const urls = await photoUrls();
    expect(urls.length).toBeGreaterThan(40);
    for (const url of urls) expect(await ask(url)).toMatchObject({ status: 200 });
  });

  test('is a JPEG of some size', async () => {
    const { headers, body } = await ask(photo);
    expect(headers.get('content-type')).toBe('image/jpeg');
    expect(headers.get('content-length')).toBe(String(body.length));
    expect(sizeOfJpeg(body)).toEqual({ width: 256, height: 256 });
  });

  test('can be asked for by HEAD', async () => {
    const { status, headers, body } = await ask(photo, 'HEAD');
    const { body: whole } = await ask(photo);
    expect({ status, length: headers.get('content-length'), body: body.length }).toEqual({
      status: 200,
      length: String(whole.length),
      body: 0,
    });
  });

  test('is not sent again to who has it', async () => {
    const etag = (await ask(photo)).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[^"]+"$/);
    expect(await ask(photo, 'GET', `If-None-Match: ${etag}`)).toMatchObject({ status: 304, body: Buffer.alloc(0) });
    expect(await ask(photo, 'HEAD', `If-None-Match: "other", W/${etag}`)).toMatchObject({ status: 304 });
    expect(await ask(photo, 'GET', 'If-None-Match: "other"')).toMatchObject({ status: 200 });
  });

  test('needs no credentials, and does not mind those that come', async () => {
    expect(await ask(photo, 'GET', 'Authorization: Bearer x')).toMatchObject({ status: 200 });
  });

  test('cannot be written', async () => {
    const { status, headers } = await ask(photo, 'DELETE');
    expect({ status, allow: headers.get('allow') }).toEqual({ status: 405, allow: 'GET, HEAD' });
  });

  test.each(['/photos/a1b2c4.jpg', '/photos/a1b2c3.jpg?size=2', '/photos/', '/', '//', '/%ff', '/photos/../photos'])(
    'is not there where no answer leads: %s',
    async (path) => {
      expect(await send(proxy, get(`http://assets.arzamed.com${path}`, 'a'))).toMatch(/^HTTP\/1\.1 404 /);
    },
  );

  test('is as well there by plain HTTP', async () => {
    expect(await send(proxy, get(photo.replace('https', 'http'), 'a'))).toMatch(/^HTTP\/1\.1 200 .*JFIF/s);
  });
});

test("all other hosts are the mock's", async () => {
  const answer = await send(proxy, get('http://api.nextgen.arzamed.com/photos/a1b2c3.jpg', 'a'));
  expect(answer).toContain('mock GET /photos/a1b2c3.jpg');
});

/** An API whose operations answer with one schema, and a clinic that gives one answer. */
async function played(schema: object, body: unknown, { version = '3.1.0', example = body } = {}): Promise<TestProxy> {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Answer' }, example } };
  const get = { operationId: 'read', responses: { 200: { description: 'Good.', content } }, security: [{ token: [] }] };
  const flows = { clientCredentials: { tokenUrl: 'https://api.clinic.test/token', scopes: {} } };
  const components = {
    schemas: { Answer: schema, Photo: photoSchema },
    securitySchemes: { token: { type: 'oauth2', flows } },
  };
  const info = { title: 'An API', version: '1' };
  const spec = {
    openapi: version,
    info,
    servers: [{ url: 'https://api.clinic.test' }],
    paths: { '/x': { get } },
    components,
  };
  const keys = [{ clientId: 'a', clientSecret: 'b', status: 'active' }];
  await using folder = await temporaryFolder({
    'spec.json': JSON.stringify(spec),
    'clinics/one.json': JSON.stringify({ name: 'One', keys, responses: { read: body } }),
  });
  const played = await readWorld({ spec: join(folder.path, 'spec.json'), clinics: join(folder.path, 'clinics') });
  return startTestProxy({ hosts: await interceptedHosts(played, handle, ['more.test']) });
}

const photoSchema = { type: 'string', 'x-target-media-type': 'image/jpeg' };
const toPhoto = { $ref: '#/components/schemas/Photo' };

describe('a photo of another API is found', () => {
  test.each([
    ['at the top', toPhoto, 'https://p.test/1'],
    ['in an object', { type: 'object', properties: { a: toPhoto } }, { a: 'https://p.test/1' }],
    ['in a list', { type: 'array', items: toPhoto }, ['https://p.test/2', 'https://p.test/1']],
    [
      'in a part of a whole',
      { allOf: [{ type: 'object' }, { properties: { a: toPhoto } }] },
      { a: 'https://p.test/1' },
    ],
    ['among alternatives', { oneOf: [{ type: 'integer' }, toPhoto] }, 'https://p.test/1'],
    ['with a port', toPhoto, 'http://P.test:8080/1'],
  ])('%s', async (_name, schema, body) => {
    await using proxy = await played(schema, body);
    expect(await send(proxy, get('http://p.test/1', 'a'))).toMatch(/^HTTP\/1\.1 200 .*JFIF/s);
  });

  test('in OpenAPI 3.0', async () => {
    await using proxy = await played({ type: 'array', items: toPhoto }, ['https://p.test/1'], { version: '3.0.3' });
    expect(await send(proxy, get('http://p.test/1', 'a'))).toMatch(/^HTTP\/1\.1 200 .*JFIF/s);
  });

  test('in the example of the specification', async () => {
    await using proxy = await played(toPhoto, 'https://p.test/1', { example: 'https://p.test/2?b=1' });
    expect(await send(proxy, get('http://p.test/2?b=1', 'a'))).toMatch(/^HTTP\/1\.1 200 .*JFIF/s);
  });

  test('on the host of the API, beside the API', async () => {
    await using proxy = await played(toPhoto, 'https://api.clinic.test/1.jpg');
    expect(await send(proxy, get('http://api.clinic.test/1.jpg', 'a'))).toMatch(/^HTTP\/1\.1 200 .*JFIF/s);
    expect(await send(proxy, get('http://api.clinic.test/x', 'a'))).toMatch(/mock GET \/x $/);
  });
});

describe('no host is played for', () => {
  test.each([
    ['a text without a description', { type: 'string', format: 'uri' }, 'https://p.test/1'],
    ['a file of another type', { type: 'string', 'x-target-media-type': 'application/pdf' }, 'https://p.test/1'],
    ['what is no URL', toPhoto, 'p.test/1'],
    ['what is null', { anyOf: [toPhoto, { type: 'null' }] }, null],
  ])('%s', async (_name, schema, body) => {
    await using proxy = await played(schema, body);
    expect(await send(proxy, get('http://p.test/1', 'a'))).toMatch(/^HTTP\/1\.1 403 /);
  });
});

test('hosts that are named besides are the mock', async () => {
  await using proxy = await played(toPhoto, 'https://p.test/1');
  expect(await send(proxy, get('http://more.test/y', 'a'))).toMatch(/mock GET \/y $/);
});

/** The size that the frame header of a JPEG says; throws where its segments do not follow each other to the end. */
function sizeOfJpeg(bytes: Buffer): { width: number; height: number } {
  let size: { width: number; height: number } | undefined;
  if (bytes.readUInt16BE(0) !== 0xff_d8 || bytes.readUInt16BE(bytes.length - 2) !== 0xff_d9)
    throw new Error('No JPEG.');
  for (let at = 2; ; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes.readUInt16BE(at);
    if (marker === 0xff_c0) size = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    if (marker === 0xff_da && size) return size;
    if (marker < 0xff_c0) throw new Error('A segment does not begin where the last one ends.');
  }
}
