// Secret and token are nowhere to be seen, however a client, an error or an event is looked at, and whatever the service,
// something on the way, or a fetch of one's own does with them.
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { createClient, type ClientEvent, type Fetch } from '../../src/client/index.ts';
import { baseUrl, failureOf, Scripted, tokenUrl } from './support.ts';

const secret = 'canary "sécret" +/%';
const token = 'canary-token.abc-123';
const basic = btoa(`canary-id:${new URLSearchParams({ '': secret }).toString().slice(1)}`);
const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), token, basic, 'canary-token'];

const good = (): Response => Response.json({ access_token: token, token_type: 'Bearer', expires_in: 3600 });
const everything = (init: RequestInit): string =>
  `${JSON.stringify(secret)} ${secret} ${encodeURIComponent(secret)} ${JSON.stringify([...new Headers(init.headers)])}`;

const services: [name: string, token: Fetch, api: Fetch][] = [
  ['an API that echoes all it gets, as text', async () => good(), async (_url, init) => new Response(everything(init))],
  [
    'an API that echoes all it gets, as JSON',
    async () => good(),
    async (_url, init) => Response.json({ secret, headers: [...new Headers(init.headers)] }),
  ],
  ...[400, 401, 403, 404, 429, 500].map((status): [string, Fetch, Fetch] => [
    `an API that echoes all it gets with ${status}`,
    async () => good(),
    async (_url, init) => new Response(everything(init), { status, headers: { 'X-Request-Id': `id ${token}` } }),
  ]),
  [
    'a redirect that has them in its URL',
    async () => good(),
    async () => new Response(null, { status: 302, headers: { Location: `https://evil.invalid/?token=${token}` } }),
  ],
  [
    'a token endpoint that echoes all it gets',
    async (_url, init) =>
      Response.json(
        {
          error: secret,
          error_description: everything(init),
          error_uri: `https://a.invalid/?${encodeURIComponent(secret)}`,
        },
        { status: 401 },
      ),
    async () => Response.json([]),
  ],
  [
    'a token endpoint with a token that no header may have',
    async () => Response.json({ access_token: `${token}\n`, token_type: 'Bearer' }),
    async () => Response.json([]),
  ],
  [
    'a token endpoint whose answer is not what it should be',
    async (_url, init) => Response.json({ token, all: everything(init) }),
    async () => Response.json([]),
  ],
  [
    'a fetch that throws its request',
    async () => good(),
    async (url, init) => {
      throw Object.assign(new TypeError(`could not send ${everything(init)}`), {
        request: { url, init },
        code: `E${token}`,
        cause: Object.assign(new Error(everything(init)), { headers: init.headers }),
      });
    },
  ],
  ['a fetch that throws a text', (_url, init) => Promise.reject<Response>(everything(init)), async () => good()],
  ['a service that works', async () => good(), async () => Response.json([])],
];

/** All that can be seen of a thing, by people and by programs. */
function* seen(thing: unknown, depth = 0): Generator<string> {
  yield inspect(thing, { depth: 20, showHidden: true, getters: true });
  yield JSON.stringify(thing) ?? '';
  yield String(thing);
  if ((typeof thing !== 'object' && typeof thing !== 'function') || thing === null || depth > 5) return;
  for (const key of Reflect.ownKeys(thing)) {
    yield String(key);
    if (key !== 'constructor' && key !== 'prototype') yield* seen(Reflect.get(thing, key), depth + 1);
  }
}

describe('a secret is not to be seen in the form', () => {
  const words = 'pass!word (2)~\'&<"';
  const form = new URLSearchParams({ '': words }).toString().slice(1);
  const lower = form.replaceAll(/%../g, (escape) => escape.toLowerCase());
  const html = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

  test.each([
    ['in which HTTP Basic has it', form],
    ['with lower-case escapes', lower],
    ['encoded by encodeURIComponent', encodeURIComponent(words)],
    ['encoded twice', encodeURIComponent(form)],
    ['of HTML', html],
    ['of HTML with numbers', html.replaceAll("'", '&#39;').replaceAll('!', '&#x21;')],
    ['of JSON', JSON.stringify(words).slice(1, -1)],
    ['of JSON with escapes alone', words.replaceAll(/\W/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)],
  ])('%s', async (_name, shown) => {
    const token = (): Response =>
      Response.json({ error: shown, error_description: `wrong credentials a:${shown} here` }, { status: 400 });
    const failure = await failureOf(new Scripted({ token }, { clientSecret: words }).client.listDoctors());
    expect(String(failure)).not.toMatch(/pass|word/);
    expect(failure).toHaveProperty('errorDescription', expect.stringMatching(/^wrong credentials a:\*\*\*.*here$/));
    expect(failure).toHaveProperty('errorDescription', expect.not.stringContaining('word'));
  });
});

describe('neither secret nor token is to be seen', () => {
  test.each(services)('with %s', async (_name, tokenEndpoint, api) => {
    const events: ClientEvent[] = [];
    const client = createClient({
      tokenUrl,
      clientId: 'canary-id',
      clientSecret: secret,
      baseUrl,
      fetch: async (url, init) => (url === tokenUrl ? tokenEndpoint : api)(url, init),
      sleep: async () => {},
      onEvent: (event) => events.push(event),
    });
    const outcome = await client.listDoctors().catch((error: unknown) => error);
    for (const view of seen([client, outcome, events])) {
      for (const form of forms) expect(view).not.toContain(form);
    }
  });
});
