// What the mock serves of the console, and to whom; the page itself is tried by browser.test.ts.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { exchangeBytes, parseAnswers } from '../support/raw-http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startUsualMock();
});
afterAll(() => mock.close());

/** The status of a path as it stands, under any name. */
async function statusOf(path: string, host: string, accept = '*/*'): Promise<number | undefined> {
  const bytes = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: ${accept}\r\nConnection: close\r\n\r\n`);
  const { received } = await exchangeBytes(Number(new URL(mock.url).port), bytes, { halfClose: false, deadline: 5000 });
  return parseAnswers(received, ['GET'])[0]?.status;
}

const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

function get(path: string, headers: Record<string, string> = {}, from = mock): Promise<Response> {
  return fetch(`${from.url}${path}`, { headers, redirect: 'manual' });
}

describe('a browser that asks for /', () => {
  test('is led to the console, and the journal does not show it', async () => {
    const response = await get('/', browser);
    expect([response.status, response.headers.get('location')]).toEqual([302, '/_mock/console']);
    expect(mock.journal.count()).toBe(0);
  });

  test('is led to that of a sandbox', async () => {
    await using sandbox = mock.sandboxes.create();
    const response = await get(`/s/${sandbox.id}/`, browser);
    expect(response.headers.get('location')).toBe(`/s/${sandbox.id}/_mock/console`);
    expect((await get(`/s/${sandbox.id}/_mock/console`)).status).toBe(200);
  });

  test('is not led there under a foreign name', async () => {
    expect(await statusOf('/', 'api.example', 'text/html')).toBe(404);
  });
});

test('a program that asks for / gets 404', async () => {
  expect((await get('/', { accept: '*/*' })).status).toBe(404);
});

test('a document with an operation at / keeps it', async () => {
  await using other = await startUsualMock({ spec: 'test/console/root.yaml' });
  expect((await get('/', browser, other)).status).toBe(200);
});

describe('the page', () => {
  test('may load nothing from elsewhere, and run nothing but its own files', async () => {
    const policy = (await get('/_mock/console')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'");
    expect(policy).toContain("base-uri 'none'; frame-ancestors 'none'; form-action 'none'");
    expect(policy).not.toContain('unsafe');
  });

  test('has no script and no style of its own', async () => {
    const text = await (await get('/_mock/console')).text();
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style|style=|\son\w+=/);
  });

  test.each(['main.js', 'chunk.js', 'reference.js', 'console.css'])('comes with %s', async (file) => {
    const response = await get(`/_mock/console/${file}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/(?:javascript|css); charset=utf-8$/);
  });

  test.each(['/_mock/console/../package.json', '/_mock/console/none.js', '/_mock/console/index.html'])(
    'has no file %s',
    async (path) => {
      expect(await statusOf(path, new URL(mock.url).host)).toBe(404);
    },
  );

  test('is refused to the page of another origin', async () => {
    expect((await get('/_mock/console', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await get('/_mock/console/main.js', { origin: 'http://evil.example' })).status).toBe(403);
  });

  test('comes without the control token, which the rest needs', async () => {
    await using guarded = await startUsualMock({ controlToken: 'canary' });
    expect((await get('/_mock/console', {}, guarded)).status).toBe(200);
    expect((await get('/_mock/consoles', {}, guarded)).status).toBe(401);
    expect((await get('/_mock/specification', {}, guarded)).status).toBe(401);
  });
});

describe('what the console sends', () => {
  test('is no finding: it shows its page as referrer', async () => {
    mock.reset();
    const headers = { origin: mock.url, referer: `${mock.url}/_mock/console` };
    await get('/api/v1/equipe/doctors', headers);
    await get('/api/v1/equipe/doctors', { ...headers, referer: `${mock.url}/page` });
    expect(mock.journal.find().map(({ origin }) => origin)).toEqual([undefined, mock.url]);
  });
});

describe('the control API gives the console', () => {
  test('the specification', async () => {
    expect(await (await get('/_mock/specification')).json()).toMatchObject({ info: { title: 'Arzamed External API' } });
  });

  test('the answer of a clinic, and what would violate the specification in another one', async () => {
    const path = '/_mock/clinics/bianchi/answers/listDoctors';
    const { body } = JSON.parse(await (await get(path)).text());
    expect(body).toHaveLength(3);
    const response = await fetch(`${mock.url}${path}/check`, {
      method: 'POST',
      body: JSON.stringify({ body: [{ name: 7, profileImage: null }] }),
    });
    expect(await response.json()).toEqual({
      violations: [{ path: '$[0].name', expected: 'string', found: '7' }],
    });
  });

  test('no answer of a clinic that it does not know', async () => {
    expect((await get('/_mock/clinics/rossi/answers/listDoctors')).status).toBe(404);
    expect((await get('/_mock/clinics/bianchi/answers/listRooms')).status).toBe(404);
  });
});
