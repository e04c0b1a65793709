// The client that `arzamed client` writes for a document: each style, media type, security scheme and kind of answer, against
// a mock that judges each request by the same document.
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { compile } from '../support/compile.ts';
import { textsIn } from '../docs/blocks.ts';
import { arzamedIn } from '../support/in-process.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const numbers = { type: 'array', items: { type: 'integer' } };
const size = { type: 'object', required: ['w'], properties: { w: { type: 'integer' }, h: { type: 'integer' } } };
const parcel = {
  type: 'object',
  required: ['id', 'state'],
  properties: {
    id: { type: 'string', readOnly: true },
    state: { type: 'string' },
    at: { type: 'string', format: 'date-time' },
  },
};
const answer = {
  200: { description: 'A number.', content: { 'application/json': { schema: { type: 'object' }, example: { n: 5 } } } },
};
const inPath = (style: string, schema: object, explode = false): object => ({
  get: {
    operationId: `${style}${explode ? 'Exploded' : ''}${schema === size ? 'Size' : ''}`,
    parameters: [{ name: 'p', in: 'path', required: true, style, explode, schema }],
    responses: answer,
  },
});
const taking = (operationId: string, parameter: object): object => ({
  get: { operationId, parameters: [{ name: 'f', in: 'query', required: true, ...parameter }], responses: answer },
});
const accepting = (operationId: string, content: object, responses: object = answer): object => ({
  post: { operationId, requestBody: { required: true, content }, responses },
});
const protectedBy = (operationId: string, ...security: object[]): object => ({
  get: { operationId, security, responses: answer },
});
const giving = (operationId: string, type: string, media: object): object => ({
  get: { operationId, responses: { 200: { description: 'It.', content: { [type]: media } } } },
});

const document = {
  openapi: '3.0.3',
  info: { title: 'Parcels', version: '1' },
  servers: [{ url: 'https://api.parcels.example/v2' }],
  paths: {
    '/simple/{p}': inPath('simple', numbers),
    '/simple-size/{p}': inPath('simple', size),
    '/simple-exploded/{p}': inPath('simple', size, true),
    '/label/{p}': inPath('label', numbers),
    '/label-exploded/{p}': inPath('label', size, true),
    '/matrix/{p}': inPath('matrix', numbers),
    '/matrix-exploded/{p}': inPath('matrix', numbers, true),
    '/deep': taking('deep', { style: 'deepObject', schema: { type: 'object', properties: { size } } }),
    '/pipes': taking('pipes', { style: 'pipeDelimited', explode: false, schema: numbers }),
    '/spaces': taking('spaces', { style: 'spaceDelimited', explode: false, schema: numbers }),
    '/commas': taking('commas', { explode: false, schema: numbers }),
    '/repeated': taking('repeated', { schema: numbers }),
    '/object': taking('object', { schema: size }),
    '/json': taking('json', { content: { 'application/json': { schema: size } } }),
    '/header': taking('header', { in: 'header', name: 'X-Sizes', schema: numbers }),
    '/cookie': taking('cookie', { in: 'cookie', name: 'lang', schema: { type: 'string', enum: ['it'] } }),
    '/form': accepting('form', {
      'application/x-www-form-urlencoded': {
        schema: { type: 'object', required: ['size', 'tags'], properties: { size, tags: numbers } },
        encoding: { size: { style: 'deepObject', explode: true } },
      },
    }),
    '/upload': accepting('upload', {
      'multipart/form-data': {
        schema: {
          type: 'object',
          required: ['file', 'meta', 'count'],
          properties: { file: { type: 'string', format: 'binary' }, meta: size, count: { type: 'integer' } },
        },
      },
    }),
    '/raw': accepting('raw', { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }),
    '/text': accepting('text', { 'text/plain': { schema: { type: 'string', maxLength: 3 } } }),
    '/vendor': accepting('vendor', { 'application/vnd.parcels+json': { schema: { type: 'string', enum: ['a'] } } }),
    '/parcels': accepting(
      'createParcel',
      { 'application/json': { schema: parcel } },
      {
        201: { description: 'Made.', content: { 'application/json': { schema: parcel } } },
        422: {
          description: 'Refused.',
          content: {
            'application/json': {
              schema: { type: 'object', required: ['reason'], properties: { reason: { type: 'string' } } },
            },
          },
        },
      },
    ),
    '/parcels/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      delete: { summary: 'Ends a parcel.', responses: { 204: { description: 'Gone.' } } },
    },
    '/label.pdf': giving('getLabel', 'application/pdf', {
      schema: { type: 'string', format: 'binary' },
      example: '%PDF',
    }),
    '/note': giving('getNote', 'text/plain', { schema: { type: 'string' }, example: 'fragile' }),
    '/open': giving('getOpen', 'application/json', { schema: {} }),
    '/vendor-json': giving('getVendor', 'application/vnd.parcels+json', { schema: { type: 'array' }, example: [] }),
    '/files': {
      get: { operationId: 'list/files', servers: [{ url: 'https://files.parcels.example/raw' }], responses: answer },
    },
    '/by-header': protectedBy('byHeader', { header: [] }),
    '/by-query': protectedBy('byQuery', { query: [] }),
    '/by-cookie': protectedBy('byCookie', { cookie: [] }),
    '/by-basic': protectedBy('byBasic', { basic: [] }),
    '/by-both': protectedBy('byBoth', { header: [], login: ['read'] }),
    '/by-token': protectedBy('byToken', { login: ['read'] }, { header: [] }),
    '/by-choice': protectedBy('byChoice', {}, { header: [] }),
  },
  components: {
    securitySchemes: {
      header: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
      query: { type: 'apiKey', in: 'query', name: 'api key' },
      cookie: { type: 'apiKey', in: 'cookie', name: 'session' },
      basic: { type: 'http', scheme: 'basic' },
      login: {
        type: 'oauth2',
        flows: { clientCredentials: { tokenUrl: 'https://id.parcels.example/token', scopes: { read: 'Read.' } } },
      },
    },
  },
};

type Calling = (input?: object) => Promise<unknown>;

const failureOf = async (called: Promise<unknown> | undefined): Promise<unknown> =>
  called?.then(
    () => 'no failure',
    (error: unknown) => error,
  );

let folder: TemporaryFolder;
let mock: Mock;
let create: (options: object) => Record<string, Calling>;
let createFromEnv: (environment: Record<string, string>) => Record<string, Calling>;
let environment: Record<string, string>;
let client: Record<string, Calling>;

beforeAll(async () => {
  folder = await temporaryFolder({
    'parcels.yaml': JSON.stringify(document),
    'accounts/rossi.yaml':
      'name: Rossi\nkeys: [{ clientId: rossi, clientSecret: not-a-secret-rossi, status: active }]\nresponses: {}\n',
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        noUnusedLocals: true,
        noUnusedParameters: true,
        erasableSyntaxOnly: true,
        noEmit: true,
        module: 'nodenext',
        lib: ['es2024', 'dom', 'dom.iterable'],
        types: [],
      },
    }),
    'package.json': '{ "type": "module" }',
  });
  const spec = join(folder.path, 'parcels.yaml');
  const documented = textsIn('sh').find((text) => text.startsWith('npx arzamed client')) ?? '';
  await arzamedIn(folder.path, ...documented.trim().split(' ').slice(2));
  mock = await startUsualMock({ spec, clinics: join(folder.path, 'accounts') });
  const module = await import(pathToFileURL(join(folder.path, 'src/parcels/client.ts')).href);
  create = module.createClient;
  createFromEnv = (variables) => module.createClientFromEnv({}, variables);
  environment = {
    PARCELS_BASE_URL: `${mock.url}/v2`,
    PARCELS_TOKEN_URL: `${mock.url}/token`,
    PARCELS_CLIENT_ID: 'rossi',
    PARCELS_CLIENT_SECRET: 'not-a-secret-rossi',
  };
  client = createFromEnv(environment);
});
afterAll(async () => {
  await mock.close();
  await folder[Symbol.asyncDispose]();
});

const both = { w: 2, h: 3 };

describe('a generated client', () => {
  test.each<[string, object]>([
    ['simple', { path: { p: [1, 2] } }],
    ['simpleSize', { path: { p: both } }],
    ['simpleExplodedSize', { path: { p: both } }],
    ['label', { path: { p: [1, 2] } }],
    ['labelExplodedSize', { path: { p: both } }],
    ['matrix', { path: { p: [1, 2] } }],
    ['matrixExploded', { path: { p: [1, 2] } }],
    ['deep', { query: { f: { size: both } } }],
    ['pipes', { query: { f: [1, 2] } }],
    ['spaces', { query: { f: [1, 2] } }],
    ['commas', { query: { f: [1, 2] } }],
    ['repeated', { query: { f: [1, 2] } }],
    ['object', { query: { f: both } }],
    ['json', { query: { f: both } }],
    ['header', { header: { 'X-Sizes': [1, 2] } }],
    ['cookie', { cookie: { lang: 'it' } }],
    ['form', { body: { size: both, tags: [1, 2] } }],
    ['upload', { body: { file: new Blob(['a'], { type: 'image/png' }), meta: both, count: 2 } }],
    ['raw', { body: new Uint8Array([1, 2]) }],
    ['text', { body: 'abc' }],
    ['vendor', { body: 'a' }],
    ['byHeader', {}],
    ['byQuery', {}],
    ['byCookie', {}],
    ['byBasic', {}],
    ['byBoth', {}],
    ['byToken', {}],
    ['byChoice', {}],
    ['listFiles', {}],
  ])('sends what the document says: %s', async (method, input) => {
    await expect(client[method]?.(input)).resolves.toEqual({ n: 5 });
  });

  test('gives bytes as a Blob, text as text, JSON of any media type as its value', async () => {
    const pdf = await client['getLabel']?.();
    expect(pdf instanceof Blob && (await pdf.text())).toBe('%PDF');
    expect(await client['getNote']?.()).toBe('fragile');
    expect(await client['getVendor']?.()).toEqual([]);
  });

  test('has a method for an operation without an id, and gives undefined where there is no body', async () => {
    expect(await client['deleteParcelsById']?.({ path: { id: 'P1' } })).toBeUndefined();
  });

  test('throws a documented refusal with its body, which is not shown with the error', async () => {
    const failure = await failureOf(client['createParcel']?.({ body: { state: 5 } }));
    expect(failure).toMatchObject({ code: 'request_refused', upstreamStatus: 422, name: 'RequestRefusedError' });
    expect(failure).toHaveProperty('body', { reason: expect.any(String) });
    expect(inspect(failure)).not.toContain('reason');
  });

  test('presents what a function gives, anew after a 401', async () => {
    const keys = ['not-a-secret-wrong', 'not-a-secret-rossi'];
    const fresh = create({ baseUrl: `${mock.url}/v2`, credentials: { login: async () => keys.shift() ?? '' } });
    expect(await failureOf(fresh['byToken']?.())).toMatchObject({ code: 'unauthorized' });
    expect(keys).toEqual([]);
  });

  test.each(['text/html', 'application/pdf'])(
    'takes no %s in place of JSON, whatever JSON may be there',
    async (type) => {
      const fetch = async (): Promise<Response> => new Response('<p>Log in</p>', { headers: { 'content-type': type } });
      const open = create({ baseUrl: 'https://api.parcels.example', fetch });
      expect(await failureOf(open['getOpen']?.())).toMatchObject({ code: 'unexpected_response', upstreamStatus: 200 });
    },
  );

  test('names the credentials that are missing', async () => {
    const without = create({ baseUrl: `${mock.url}/v2` });
    const failure = await failureOf(without['byQuery']?.());
    expect(failure).toMatchObject({ code: 'invalid_option', message: 'The option credentials.query is missing.' });
  });

  test('names all that is missing of an alternative, and a line break at the end of a key', async () => {
    const without = create({ baseUrl: `${mock.url}/v2`, tokenUrl: mock.clinics[0]?.tokenUrl });
    const failure = await failureOf(without['byBoth']?.());
    expect(failure).toHaveProperty('option', 'credentials.header, clientId, clientSecret');
    for (const [method, credentials] of Object.entries({
      byQuery: { query: 'canary\n' },
      byBasic: { basic: { username: 'a', password: 'canary\r\n' } },
    })) {
      const broken = await failureOf(create({ baseUrl: `${mock.url}/v2`, credentials })[method]?.());
      expect(broken).toHaveProperty(
        'message',
        expect.stringMatching(/^The option credentials\.\w+ ends with a line break\.$/),
      );
    }
  });

  test('shows no credentials, wherever they are presented', async () => {
    const secret = 'not-a-secret-canary';
    const events: unknown[] = [];
    const echo = async (url: string, init: RequestInit): Promise<Response> =>
      new Response(url + JSON.stringify(init.headers), { status: 418, headers: { 'x-request-id': secret } });
    const shown = create({
      onEvent: (event: unknown) => events.push(event),
      fetch: echo,
      credentials: { header: secret, query: secret, cookie: secret, basic: { username: 'a', password: secret } },
    });
    const failures = await Promise.all(
      ['byHeader', 'byQuery', 'byCookie', 'byBasic'].map((method) => failureOf(shown[method]?.())),
    );
    const text = inspect([failures, events], { depth: 9, showHidden: true });
    expect(text).toContain('418');
    expect(text).not.toContain(secret);
    expect(text).not.toContain(btoa(`a:${secret}`));
  });

  test('compiles, and its types say what an operation takes and gives', async () => {
    await writeFile(
      join(folder.path, 'use.ts'),
      `import { createClient, RequestRefusedError, isApiError, type RefusalBody, type Result } from './src/parcels/client.js';
const client = createClient({ clientId: 'a', clientSecret: 'b', credentials: { header: 'k', basic: { username: 'u', password: 'p' }, query: () => 'q' } });
// What the service alone sets may be left out.
const made = await client.createParcel({ body: { state: 'new' } });
export const id: string = made.id;
export const label: Blob = await client.getLabel();
export const note: string = await client.getNote();
export const gone: undefined = await client.deleteParcelsById({ path: { id: 'P1' } });
await client.deep({ query: { f: { size: { w: 1 } } } });
await client.upload({ body: { file: new Blob([]), meta: { w: 1 }, count: 1 } });
await client.raw({ body: new Uint8Array(1) });
export const reason: RefusalBody<'createParcel'>['reason'] = 'too long';
export const list: Result<'getVendor'> = [];
try {
  await client.byBasic();
} catch (error) {
  if (isApiError(error) && error.code === 'request_refused') console.assert(error instanceof RequestRefusedError, error.body);
}
// @ts-expect-error A number is no text.
await client.createParcel({ body: { state: 1 } });
// @ts-expect-error The cookie takes one value.
await client.cookie({ cookie: { lang: 'en' } });
// @ts-expect-error The path needs it.
await client.deleteParcelsById();
// @ts-expect-error There is no such scheme.
createClient({ credentials: { other: 'k' } });
// @ts-expect-error Basic takes two.
createClient({ credentials: { basic: 'k' } });
`,
    );
    expect(compile(folder.path)).toBe('');
  });
});

describe('arzamed client', () => {
  test('with --check ends with 1 for a client that was edited, and names the command that mends it', async () => {
    const options = ['client', '--spec', 'parcels.yaml', '--out', 'checked', '--env-prefix', 'PARCELS'];
    await arzamedIn(folder.path, ...options);
    expect(await arzamedIn(folder.path, ...options, '--check')).toEqual({ code: 0, stdout: '', stderr: '' });
    await appendFile(join(folder.path, 'checked/client.ts'), '//');
    expect(await arzamedIn(folder.path, ...options, '--check')).toEqual({
      code: 1,
      stdout: '',
      stderr: `arzamed: checked/client.ts: The file is missing or outdated.
Run \`npx arzamed client --spec parcels.yaml --out checked --env-prefix PARCELS\` and commit the changes.
`,
    });
  });

  test('writes no word of the bundled API but in the command at the top', async () => {
    const [, ...lines] = (await readFile(join(folder.path, 'src/parcels/client.ts'), 'utf8')).split('\n');
    expect(lines.filter((line) => /arzamed|clinic|doctor/i.test(line))).toEqual([]);
  });

  test('overwrites no file that it did not write', async () => {
    await mkdir(join(folder.path, 'own'));
    await writeFile(join(folder.path, 'own/client.ts'), 'mine');
    const { code, stderr } = await arzamedIn(folder.path, 'client', '--spec', 'parcels.yaml', '--out', 'own');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('own/client.ts: This file was not generated'),
    });
    expect(await readFile(join(folder.path, 'own/client.ts'), 'utf8')).toBe('mine');
  });

  test('asks for no credentials where the document has no security', async () => {
    const open = { ...document, paths: { '/note': giving('getNote', 'text/plain', { schema: { type: 'string' } }) } };
    await writeFile(join(folder.path, 'open.json'), JSON.stringify({ ...open, components: {} }));
    await arzamedIn(folder.path, 'client', '--spec', 'open.json', '--out', 'open');
    const { createClient } = await import(pathToFileURL(join(folder.path, 'open/client.ts')).href);
    const fetch = async (): Promise<Response> => new Response('fragile', { headers: { 'content-type': 'text/plain' } });
    expect(await createClient({ fetch }).getNote()).toBe('fragile');
  });

  test('writes for the bundled document the client of this package', async () => {
    await arzamedIn(folder.path, 'client', '--out', 'bundled');
    const text = await readFile(join(folder.path, 'bundled/client.ts'), 'utf8');
    const { createClient } = await import(pathToFileURL(join(folder.path, 'bundled/client.ts')).href);
    expect(Object.keys(createClient({ tokenUrl: 'https://a.example', clientId: 'a', clientSecret: 'b' }))).toEqual([
      'listDoctors',
    ]);
    // It needs none of the larger parts.
    expect(text).not.toMatch(/WeakMap|toPairs/);
  });
});
