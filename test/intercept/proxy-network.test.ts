import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, createServer as createRawServer, type Server as RawServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { thisMachine } from '../../src/intercept/machine.ts';
import { inheritedProxies, type InheritedProxies } from '../../src/intercept/upstream.ts';
import { askTunnel, echo, exchange, get, open, secure, send, startTestProxy } from '../support/through-proxy.ts';

interface Listening extends AsyncDisposable {
  port: number;
}

async function listen(server: Server | RawServer, host = '127.0.0.1'): Promise<Listening> {
  server.listen(0, host);
  await once(server, 'listening');
  const { port }: { port: number } = Object(server.address());
  const close = async (): Promise<void> => {
    server.close();
    await once(server, 'close');
  };
  return { port, [Symbol.asyncDispose]: close };
}

/** The proxies of an environment that names one for all. */
function by(proxy: string): InheritedProxies {
  return inheritedProxies({ http_proxy: proxy, https_proxy: proxy });
}

/** A port of this machine on which nobody listens. */
async function closedPort(): Promise<number> {
  await using server = await listen(createServer());
  return server.port;
}

/** Another proxy, which leads every tunnel to one port of this machine, and answers plain requests itself. */
async function startUpstream(port: number, status = 200): Promise<Listening & { asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`);
    echo('upstream')(request, response);
  });
  server.on('connect', (request, socket, head) => {
    asked.push(`CONNECT ${request.url} ${request.headers['proxy-authorization']}`);
    socket.write(`HTTP/1.1 ${status} Whatever\r\n\r\n`);
    if (status !== 200) return void socket.end();
    const remote = connect(port, '127.0.0.1');
    remote.write(head);
    return void socket.pipe(remote).pipe(socket);
  });
  return { ...(await listen(server)), asked };
}

describe('a host that is not played', () => {
  test('is refused to an https request, with a line that says why', async () => {
    await using proxy = await startTestProxy();
    const answer = await send(proxy, 'CONNECT elsewhere.test:443 HTTP/1.1\r\nHost: elsewhere.test:443\r\n\r\n');
    expect(answer).toMatch(
      /^HTTP\/1\.1 403 .*\r\n\r\nelsewhere\.test is not intercepted, and other hosts are not allowed\.\n$/s,
    );
    expect(proxy.refused).toEqual(['elsewhere.test']);
  });

  test('is refused to a plain request', async () => {
    await using proxy = await startTestProxy();
    expect(await send(proxy, get('http://elsewhere.test/x', 'api.clinic.test'))).toMatch(
      /^HTTP\/1\.1 403 .*\r\n\r\nelsewhere\.test is not intercepted/s,
    );
    expect(proxy.refused).toEqual(['elsewhere.test']);
  });

  test.each(['api.clinic.test.elsewhere.test', 'clinic.test', 'xapi.clinic.test', 'sub.api.clinic.test', '192.0.2.1'])(
    'may have a name as similar as %s',
    async (host) => {
      await using proxy = await startTestProxy();
      expect((await askTunnel(proxy, `${host}:443`)).line).toMatch(/^HTTP\/1\.1 403 /);
    },
  );

  test('may have an address of IPv6', async () => {
    await using proxy = await startTestProxy();
    expect((await askTunnel(proxy, '[2001:db8::1]:443')).line).toMatch(/^HTTP\/1\.1 403 /);
    expect(proxy.refused).toEqual(['2001:db8::1']);
  });

  test('is not asked for by name where the network is off', async () => {
    await using upstream = await startUpstream(0);
    await using proxy = await startTestProxy({ upstream: by(`http://127.0.0.1:${upstream.port}`) });
    await askTunnel(proxy, 'elsewhere.test:443');
    await send(proxy, get('http://elsewhere.test/', 'elsewhere.test'));
    expect(upstream.asked).toEqual([]);
  });
});

describe('this machine', () => {
  test('is reached through a tunnel, for programs that pass over NO_PROXY', async () => {
    await using server = await listen(createServer(echo('here')));
    await using proxy = await startTestProxy();
    const { socket } = await askTunnel(proxy, `127.0.0.1:${server.port}`);
    expect(await exchange(socket, get('/x', 'a'))).toMatch(/here GET \/x $/);
    expect(proxy.refused).toEqual([]);
  });

  test('is reached by plain requests, with their bodies', async () => {
    await using server = await listen(createServer(echo('here')));
    await using proxy = await startTestProxy();
    const url = `http://localhost:${server.port}/x?a`;
    const head = `POST ${url} HTTP/1.1\r\nHost: b\r\nConnection: close\r\n`;
    expect(await send(proxy, `${head}Content-Length: 5\r\n\r\nhello`)).toMatch(/here POST \/x\?a hello$/);
    expect(await send(proxy, `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`)).toContain(
      'x?a hello',
    );
  });

  const machine = thisMachine({ name: 'Workshop', addresses: ['127.9.9.9'], hostsFile: '127.0.0.1\town.test # here' });

  test.each(['0.0.0.0', '127.9.9.9', 'app.localhost', '[::ffff:127.0.0.1]'])('is reached at %s', async (host) => {
    await using server = await listen(createServer(echo('here')), '0.0.0.0');
    await using proxy = await startTestProxy({ machine });
    expect(await send(proxy, get(`http://${host}:${server.port}/x`, 'a'))).toMatch(/here GET \/x $/);
    const { socket } = await askTunnel(proxy, `${host}:${server.port}`);
    expect(await exchange(socket, get('/x', 'a'))).toMatch(/here GET \/x $/);
  });

  test.each(['workshop', 'WORKSHOP', 'own.test'])('is told by where %s leads', async (host) => {
    await using proxy = await startTestProxy({ machine });
    // No resolver of the tests knows the name: it is the attempt that counts.
    expect(await send(proxy, get(`http://${host}:1/`, 'a'))).toMatch(/^HTTP\/1\.1 502 /);
    expect(proxy.refused).toEqual([]);
  });

  test.each(['notown.test', 'sub.own.test', '192.0.2.1', '127.0.0.1.test'])('is not %s', async (host) => {
    await using proxy = await startTestProxy({ machine });
    expect(await send(proxy, get(`http://${host}:1/`, 'a'))).toMatch(/^HTTP\/1\.1 403 /);
  });

  test('is never looked for through another proxy', async () => {
    await using server = await listen(createServer(echo('here')));
    await using upstream = await startUpstream(0);
    const options = { allowNetwork: true, upstream: by(`http://127.0.0.1:${upstream.port}`) };
    await using proxy = await startTestProxy(options);
    expect(await send(proxy, get(`http://127.0.0.1:${server.port}/x`, 'a'))).toMatch(/here GET \/x $/);
    expect(upstream.asked).toEqual([]);
  });

  test.each(['127.0.0.1', '[::1]', 'localhost'])(
    'is told to be out of reach at %s, where nobody listens',
    async (host) => {
      const port = await closedPort();
      await using proxy = await startTestProxy();
      const unreachable = new RegExp(
        `^HTTP/1\\.1 502 .*${host.replace(/[[\]]/g, '.')}:${port} cannot be reached: `,
        's',
      );
      expect(await send(proxy, `CONNECT ${host}:${port} HTTP/1.1\r\nHost: a\r\n\r\n`)).toMatch(unreachable);
      expect(await send(proxy, get(`http://${host}:${port}/`, 'a'))).toMatch(unreachable);
    },
  );
});

describe('a request that is passed on', () => {
  test('loses the headers that were meant for the proxy, and keeps the others', async () => {
    const raw: string[][] = [];
    await using server = await listen(
      createServer(({ rawHeaders }, response) => {
        raw.push(rawHeaders);
        response.setHeader('X-Kept', ['1', '2']).setHeader('Keep-Alive', 'timeout=9').end();
      }),
    );
    await using proxy = await startTestProxy();
    const host = `127.0.0.1:${server.port}`;
    const kept = ['X-One: 1', 'x-one: 2', 'Authorization: Bearer x'];
    const dropped = [
      'Proxy-Authorization: Basic eDp5',
      'Proxy-Connection: keep-alive',
      'Connection: X-Gone',
      'X-Gone: 1',
    ];
    const headers = [...kept, ...dropped, 'TE: trailers', 'Upgrade: websocket'];
    const answer = await send(proxy, get(`http://${host}/`, 'other.test', ...headers));
    const sent = `Host: ${host}, X-One: 1, x-one: 2, Authorization: Bearer x, Connection: close`;
    expect(raw[0]).toEqual(sent.split(/, |: /));
    expect(answer).toMatch(/X-Kept: 1\r\nX-Kept: 2\r\n/);
    expect(answer).not.toContain('timeout=9');
  });

  test.each(['content-length', 'Host', 'x, Content-Length', 'content-type', 'authorization', 'transfer-encoding'])(
    'keeps what every recipient needs, though Connection names it: %s',
    async (named) => {
      const seen: unknown[] = [];
      await using server = await listen(
        createServer((request, response) => {
          seen.push([
            request.url,
            request.headers['content-type'],
            request.headers.authorization,
            request.headers.host,
          ]);
          echo('here')(request, response);
        }),
      );
      await using proxy = await startTestProxy();
      const smuggled = get('/smuggled', 'b');
      const host = `127.0.0.1:${server.port}`;
      const head = ['Host: b', `Connection: close, ${named}`, 'Content-Type: a/b', 'Authorization: c'];
      const request = [`POST http://${host}/a HTTP/1.1`, ...head, `Content-Length: ${smuggled.length}`, '', smuggled];
      expect(await send(proxy, request.join('\r\n'))).toContain('here POST /a GET /smuggled');
      expect(seen).toEqual([['/a', 'a/b', 'c', host]]);
    },
  );

  test('keeps the coding of its body, and of its answer', async () => {
    const coded = gzipSync('hello').toString('latin1');
    const chunked = `${coded.length.toString(16)}\r\n${coded}\r\n0\r\n\r\n`;
    const head = 'HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: gzip, chunked\r\n\r\n';
    const received: string[] = [];
    const raw = createRawServer((socket) => {
      socket.setEncoding('latin1').on('data', (text: string) => {
        received.push(text);
        if (received.join('').endsWith('0\r\n\r\n')) socket.end(head + chunked, 'latin1');
      });
    });
    await using server = await listen(raw);
    await using proxy = await startTestProxy();
    const asked = `POST http://127.0.0.1:${server.port}/ HTTP/1.1\r\nHost: b\r\nConnection: close\r\nTransfer-Encoding: gzip, chunked\r\n\r\n`;
    const answer = await send(proxy, Buffer.from(asked + chunked, 'latin1'));
    expect(received.join('')).toMatch(/\r\nTransfer-Encoding: gzip, chunked\r\n/);
    expect(received.join('')).toContain(coded);
    expect(answer).toMatch(/\r\nTransfer-Encoding: gzip, chunked\r\n/);
  });

  test.each([
    ['by the proxy', undefined],
    ['by its server', 'HTTP/1.1 413 Too Much\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'],
  ])('leaves nothing of its body before the next request where it is answered early %s', async (_by, early) => {
    const raw = createRawServer((socket) => {
      socket.once('data', () => socket.pause().write(early ?? ''));
      socket.on('error', () => {});
    });
    const server = await listen(raw);
    const port = early === undefined ? await closedPort() : server.port;
    await using proxy = await startTestProxy();
    const socket = await open(proxy);
    const body = 'x'.repeat(3_000_000);
    const post = `POST http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: b\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const answers = await exchange(socket, post + get('http://api.clinic.test/next', 'b'));
    expect(answers).toMatch(early === undefined ? /^HTTP\/1\.1 502 / : /^HTTP\/1\.1 413 /);
    expect(answers).toMatch(/api\.clinic\.test GET \/next $/);
    raw.close();
  });

  test('ends where the program hangs up', async () => {
    const server = createServer();
    await using listening = await listen(server);
    await using proxy = await startTestProxy();
    const { socket } = await askTunnel(proxy, `127.0.0.1:${listening.port}`);
    const asked = once(server, 'request');
    socket.write(get('/', 'a'));
    const [request]: unknown[] = await asked;
    const ended = once(Object(request).socket, 'close');
    socket.resetAndDestroy();
    expect(await ended).toEqual([false]);
  });

  test('is answered with 502 where the server breaks off before its answer', async () => {
    await using server = await listen(createRawServer((socket) => socket.resetAndDestroy()));
    await using proxy = await startTestProxy();
    expect(await send(proxy, get(`http://127.0.0.1:${server.port}/`, 'a'))).toMatch(/^HTTP\/1\.1 502 /);
  });

  test('is broken off where the server breaks off in its answer', async () => {
    const half = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf';
    await using server = await listen(createRawServer((socket) => socket.resume().end(half)));
    await using proxy = await startTestProxy();
    expect(await send(proxy, get(`http://127.0.0.1:${server.port}/`, 'a'))).toMatch(/^HTTP\/1\.1 200 .*half$/s);
  });
});

describe('another proxy', () => {
  test('is asked for tunnels, with the credentials of its URL', async () => {
    await using server = await listen(createServer(echo('there')));
    await using upstream = await startUpstream(server.port);
    const url = by(`http://us%65r:p%40ss@127.0.0.1:${upstream.port}`);
    await using proxy = await startTestProxy({ allowNetwork: true, upstream: url });
    const { socket } = await askTunnel(proxy, 'elsewhere.test:8443');
    expect(await exchange(socket, get('/x', 'a'))).toMatch(/there GET \/x $/);
    expect(upstream.asked).toEqual([`CONNECT elsewhere.test:8443 Basic ${btoa('user:p@ss')}`]);
  });

  test.each(['p%zz', 'p%', 'p%z%41', '%ff'])('is shown a password that curl takes as well: %s', async (password) => {
    await using upstream = await startUpstream(0);
    const url = by(`http://u:${password}@127.0.0.1:${upstream.port}`);
    await using proxy = await startTestProxy({ allowNetwork: true, upstream: url });
    await send(proxy, get('http://elsewhere.test/', 'a'));
    const bytes = Buffer.from(password === '%ff' ? 'u:\xff' : `u:${password.replace('%41', 'A')}`, 'latin1');
    expect(upstream.asked).toEqual([`GET http://elsewhere.test/ Basic ${bytes.toString('base64')}`]);
  });

  test('that cannot be used is told to each request, and none goes past it', async () => {
    await using proxy = await startTestProxy({ allowNetwork: true, upstream: by('socks5h://127.0.0.1:1') });
    const told = /^HTTP\/1\.1 502 .*names a SOCKS proxy, which is not supported\.\n$/s;
    expect(await send(proxy, get('http://elsewhere.test/', 'a'))).toMatch(told);
    expect(await send(proxy, 'CONNECT elsewhere.test:443 HTTP/1.1\r\nHost: a\r\n\r\n')).toMatch(told);
    expect(await send(proxy, get('http://api.clinic.test/x', 'a'))).toMatch(/ GET \/x $/);
  });

  test('is given plain requests with their whole URL', async () => {
    await using upstream = await startUpstream(0);
    const url = by(`http://127.0.0.1:${upstream.port}`);
    await using proxy = await startTestProxy({ allowNetwork: true, upstream: url });
    expect(await send(proxy, get('http://elsewhere.test:81/x?a', 'a'))).toContain(
      'upstream GET http://elsewhere.test:81/x?a',
    );
    expect(upstream.asked).toEqual(['GET http://elsewhere.test:81/x?a undefined']);
  });

  test('is not asked for hosts that are played', async () => {
    await using upstream = await startUpstream(0);
    const url = by(`http://127.0.0.1:${upstream.port}`);
    await using proxy = await startTestProxy({ allowNetwork: true, upstream: url });
    const tls = await secure(proxy, 'api.clinic.test:443');
    await exchange(tls, get('/', 'a'));
    await send(proxy, get('http://api.clinic.test/', 'a'));
    expect(upstream.asked).toEqual([]);
  });

  test('that refuses is named without its credentials', async () => {
    await using upstream = await startUpstream(0, 407);
    const url = by(`http://user:hidden@127.0.0.1:${upstream.port}`);
    await using proxy = await startTestProxy({ allowNetwork: true, upstream: url });
    const answer = await send(proxy, 'CONNECT elsewhere.test:443 HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 502 .*cannot be reached: the proxy 127\.0\.0\.1:\d+ answers 407\.\n$/s);
    expect(answer).not.toContain('hidden');
  });

  test('that is out of reach is told so', async () => {
    const url = by(`http://127.0.0.1:${await closedPort()}`);
    await using proxy = await startTestProxy({ allowNetwork: true, upstream: url });
    expect((await askTunnel(proxy, 'elsewhere.test:443')).line).toMatch(/^HTTP\/1\.1 502 /);
    expect(await send(proxy, get('http://elsewhere.test/', 'a'))).toMatch(/^HTTP\/1\.1 502 /);
  });
});
