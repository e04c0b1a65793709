// A provider that does not work just now says nothing of the contract.
import { createServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { shareVerifier } from '../../support/shared-verifier.ts';
import { brief, contractOf, json, jsonBody, serve, verify } from './support.ts';

shareVerifier();

const contract = contractOf({ response: { body: jsonBody({ a: 1 }) } });

describe('a provider that does not work just now', () => {
  test('refuses connections', async () => {
    const gone = await serve(() => undefined);
    await gone[Symbol.asyncDispose]();
    const verdicts = await verify(gone, [contract]);
    expect(brief(verdicts)).toEqual(['unanswered answer']);
    expect(verdicts[0]?.sentence).toBe('The provider refuses the connection (ECONNREFUSED).');
  });

  test('is behind a gateway that does not reach it, so that nobody knows whether it is a mock', async () => {
    await using gateway = await serve((_request, response) => json(response, 502, {}));
    const verdicts = await verify({ url: `${gateway.url}/prefix` }, [contract], { environment: {} });
    expect(verdicts).toMatchObject([{ result: 'unanswered', sentence: 'The provider answers 502.' }]);
  });

  test.each([
    ['500', 500, 'application/json', '{}'],
    ['503 with a web page', 503, 'text/html', '<p>CANARY</p>'],
    ['200 with a web page', 200, 'text/html; charset=utf-8', '<p>Maintenance</p>'],
    ['429', 429, 'application/json', '{"a":1}'],
  ])('answers %s', async (_name, status, type, body) => {
    await using provider = await serve(
      (_request, response) => void response.writeHead(status, { 'Content-Type': type }).end(body),
    );
    const verdicts = await verify(provider, [contract]);
    expect(brief(verdicts)).toEqual(['unanswered answer']);
  });

  test.each([
    ['ends the connection', /ends the connection/],
    ['ends the answer too early', /ends the connection/],
    ['gives no answer', /gives no answer within 0.3 s/],
  ])('%s', async (what, words) => {
    await using provider = await serve((_request, response) => {
      if (what === 'ends the connection') response.destroy();
      if (what === 'ends the answer too early')
        response.writeHead(200, { 'Content-Length': '100' }).end('{"a":1}', () => response.destroy());
    });
    const [verdict, ...others] = await verify(provider, [contract], { timeout: 300 });
    expect(others).toEqual([]);
    expect(verdict).toMatchObject({ result: 'unanswered', sentence: expect.stringMatching(words) });
  });

  test('has no certificate, or speaks no HTTP', async () => {
    const servers = [
      { scheme: 'https', server: createServer(), words: /TLS/ },
      {
        scheme: 'http',
        server: createTcpServer((socket) => socket.resume().end('SSH-2.0-CANARY\r\n')),
        words: /does not speak HTTP/,
      },
    ];
    for (const { scheme, server, words } of servers) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      const [verdict] = await verify({ url: `${scheme}://127.0.0.1:${port}` }, [contract]);
      expect(verdict).toMatchObject({ result: 'unanswered', sentence: expect.stringMatching(words) });
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test('is none where the contract demands 503', async () => {
    await using provider = await serve((_request, response) => json(response, 503, { a: 1 }));
    const verdicts = await verify(provider, [contractOf({ response: { status: 503, body: jsonBody({ a: 1 }) } })]);
    expect(verdicts.every(({ result }) => result === 'holds')).toBe(true);
  });

  test('is none where another answer than the demanded 503 comes, or a broken 503', async () => {
    await using provider = await serve((_request, response) => json(response, 503, { b: 1 }));
    const verdicts = await verify(provider, [contractOf({ response: { status: 503, body: jsonBody({ a: 1 }) } })]);
    expect(brief(verdicts)).toContain('broken required $.response.body.a');
  });
});

describe('a provider under test answers for itself', () => {
  test.each([
    ['404 with a web page', 404, 'text/html', '<pre>Cannot GET /things</pre>'],
    ['500', 500, 'application/json', '{"error":"TypeError"}'],
    ['501', 501, 'text/plain', 'Not implemented'],
    ['503 with a web page', 503, 'text/html', '<p>Down</p>'],
    ['429', 429, 'application/json', '{"retry":1}'],
    ['201 with a token', 201, 'application/json', '{"access_token":"***","expires_in":60}'],
  ])('%s is broken, with the beginning of the body', async (_name, status, type, body) => {
    await using states = await serve((_request, response) => json(response, 200, {}));
    await using provider = await serve(
      (_request, response) =>
        void response.writeHead(status, { 'Content-Type': type }).end(body.replace('***', 'CANARY')),
    );
    const verdicts = await verify(provider, [contract], { states: states.url });
    expect(verdicts).toMatchObject([
      {
        result: 'broken',
        place: '$.response.status',
        sentence: `The provider answers ${status} (${body}), the contract demands 200.`,
      },
    ]);
  });

  test('200 with a web page in place of JSON is broken', async () => {
    await using states = await serve((_request, response) => json(response, 200, {}));
    await using provider = await serve(
      (_request, response) => void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>Sign in</p>'),
    );
    expect(brief(await verify(provider, [contract], { states: states.url }))).toContain(
      'broken content type $.response.body',
    );
  });
});

describe('provider states', () => {
  const stated = contractOf({ states: [{ name: 'some state' }], response: { body: jsonBody({ a: 1 }) } });

  test('are set where --states says, and any request may be sent', async () => {
    await using states = await serve((_request, response) => json(response, 200, {}));
    await using provider = await serve((_request, response) => json(response, 200, { a: 1 }));
    const contract = contractOf({ states: [{ name: 'some state', params: { a: 1 } }], request: { method: 'DELETE' } });
    const verdicts = await verify(provider, [contract], { states: `${states.url}/set` });
    expect(brief(verdicts)).toEqual(['holds status $.response.status']);
    expect(states.seen.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      ['/set', { action: 'setup', state: 'some state', params: { a: 1 } }],
      ['/set', { action: 'teardown', state: 'some state', params: { a: 1 } }],
    ]);
  });

  test.each([400, 404, 500])('that the provider refuses with %i are broken, with its message', async (status) => {
    const message = 'No such state. Token eyJhbGciOiJub25lIn0.eyJhIjoxfQ.x';
    await using states = await serve((_request, response) => json(response, status, { message }));
    await using provider = await serve((_request, response) => json(response, 200, { a: 1 }));
    const verdicts = await verify(provider, [stated], { states: states.url });
    expect(brief(verdicts)).toEqual(['broken state']);
    expect(verdicts[0]?.sentence).toBe(
      `The provider state "some state" could not be set: the URL for states answers ${status} ` +
        '({"message":"No such state. Token ***"}).',
    );
    expect(provider.seen).toEqual([]);
  });

  test('that nothing answers are not held against the provider', async () => {
    const states = await serve(() => undefined);
    await states[Symbol.asyncDispose]();
    await using provider = await serve((_request, response) => json(response, 200, { a: 1 }));
    expect(brief(await verify(provider, [stated], { states: states.url }))).toEqual(['unanswered state']);
  });
});
