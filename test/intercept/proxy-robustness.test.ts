import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { connect as connectRaw } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { describe, expect, test } from '@jest/globals';
import { openLazyMock } from '../../src/intercept/lazy-mock.ts';
import { run } from '../support/command.ts';
import { runs, soon } from '../support/runs.ts';
import {
  askTunnel,
  echo,
  exchange,
  get,
  open,
  secure,
  send,
  startTestProxy,
  type TestProxy,
} from '../support/through-proxy.ts';

/** What the proxy answers after whatever was done to it. */
async function stillServes(proxy: TestProxy): Promise<void> {
  const tls = await secure(proxy, 'api.clinic.test:443');
  expect(await exchange(tls, get('/after', 'a'))).toMatch(/api\.clinic\.test GET \/after $/);
}

const noTargets = [
  'api.clinic.test api.clinic.test: api.clinic.test:0 api.clinic.test:65536 api.clinic.test:4x3 api.clinic.test:443:443',
  'api.clinic.test:443/x user@api.clinic.test:443 http://api.clinic.test:443 [api.clinic.test]:443 api\\clinic:443 a%zz:443',
  ':443 .:443 * /x [::1:443 ::1:443 [::1]',
].flatMap((line) => line.split(' '));

describe('what is asked of no proxy', () => {
  test.each([
    ['a path', get('/v1/doctors', 'api.clinic.test')],
    [
      'a path, as a web page may ask for it',
      'POST / HTTP/1.1\r\nHost: a\r\nOrigin: https://a.test\r\nContent-Length: 1\r\n\r\nx',
    ],
    ['a star', 'OPTIONS * HTTP/1.1\r\nHost: api.clinic.test\r\nConnection: close\r\n\r\n'],
    ['another scheme', get('ftp://api.clinic.test/x', 'api.clinic.test')],
    ['a URL without a host', get('http:///x', 'api.clinic.test')],
    ['a URL with a port that is none', get('http://api.clinic.test:99999/', 'api.clinic.test')],
  ])('is answered with 400: %s', async (_name, bytes) => {
    await using proxy = await startTestProxy();
    const answer = await send(proxy, bytes.replace('\r\nHost', '\r\nConnection: close\r\nHost'));
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*This is a proxy: request an absolute URL, or use CONNECT\.\n$/s);
  });

  test.each(['http://::1:80/', 'http://127.0.0.1:99999/', 'ftp://api.clinic.test/', 'http://[::1/', 'http://'])(
    'is answered with 400, by the address of the mock as in a tunnel: %s',
    async (target) => {
      await using proxy = await startTestProxy({ own: echo('own') });
      const told = /^HTTP\/1\.1 400 .*This is a proxy: request an absolute URL, or use CONNECT\.\n$/s;
      expect(await send(proxy, get(target, 'a'))).toMatch(told);
      expect(await exchange(await secure(proxy, 'api.clinic.test:443'), get(target, 'a'))).toMatch(told);
      expect(await send(proxy, get('/own', 'a'))).toMatch(/own GET \/own $/);
    },
  );

  test('ends no process, whatever is thrown', async () => {
    const hosts = new Map([
      [
        'api.clinic.test',
        (): never => {
          throw new Error('A defect');
        },
      ],
    ]);
    const upstream = {
      proxyFor: (): never => {
        throw new Error('No way');
      },
    };
    await using proxy = await startTestProxy({ hosts, allowNetwork: true, upstream });
    expect(await send(proxy, get('http://api.clinic.test/', 'a'))).toMatch(/^HTTP\/1\.1 502 .*A defect\.\n$/s);
    const tls = await secure(proxy, 'api.clinic.test:443');
    expect(await exchange(tls, get('/', 'a'))).toMatch(/^HTTP\/1\.1 502 .*A defect\.\n$/s);
    expect(await send(proxy, get('http://a.test/', 'a'))).toMatch(/^HTTP\/1\.1 502 .*No way\.\n$/s);
    expect((await askTunnel(proxy, 'a.test:443')).line).toMatch(/^HTTP\/1\.1 502 /);
  });

  test.each(noTargets)('is answered with 400: CONNECT %s', async (target) => {
    await using proxy = await startTestProxy();
    const answer = await send(proxy, `CONNECT ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    await stillServes(proxy);
  });

  test('is answered with 400: a tunnel within a tunnel', async () => {
    await using proxy = await startTestProxy();
    const tls = await secure(proxy, 'api.clinic.test:443');
    const asked = 'CONNECT api.clinic.test:443 HTTP/1.1\r\nHost: a\r\n\r\n';
    expect(await exchange(tls, asked)).toMatch(
      /^HTTP\/1\.1 400 .*Proxy requests are not allowed inside a tunnel\.\n$/s,
    );
  });
});

test('a mock that cannot be opened is a sentence to each request, and ends nothing', async () => {
  const opened = openLazyMock(() => Promise.reject(new Error('No folder here.')), []);
  {
    await using mock = opened;
    const host = 'api.clinic.test';
    await using proxy = await startTestProxy({ hosts: new Map([[host, mock.handleOf(host)]]), own: mock.handleOf() });
    const told = /^HTTP\/1\.1 502 .*The mock cannot answer: No folder here\.\n$/s;
    expect(await exchange(await secure(proxy, `${host}:443`), get('/', host))).toMatch(told);
    expect(await send(proxy, get('/', 'a'))).toMatch(told);
  }
});

describe('a program that does not trust the certificate', () => {
  test('is told of, where it says so in the handshake', async () => {
    await using proxy = await startTestProxy();
    const { code } = await run('curl', ['--silent', '--proxy', proxy.url, 'https://api.clinic.test/']);
    expect(code).toBe(60);
    expect(await proxy.tlsRefused).toBe('api.clinic.test: does not trust the certificate');
  });

  test.each([
    ['TLSv1.3', 'during'],
    ['TLSv1.2', 'after'],
  ] as const)('is told of, where it hangs up without a word, as Node does: %s', async (maxVersion, when) => {
    await using proxy = await startTestProxy();
    await expect(secure(proxy, 'api.clinic.test:443', { ca: [], maxVersion })).rejects.toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
    const reason = `hung up ${when} the handshake; it may not trust the certificate`;
    expect(await proxy.tlsRefused).toBe(`api.clinic.test: ${reason}`);
  });
});

describe('what comes in a tunnel', () => {
  test('and ends in the middle of the handshake is told of', async () => {
    await using proxy = await startTestProxy();
    const { socket } = await askTunnel(proxy, 'api.clinic.test:443');
    socket.end(Buffer.from('160301', 'hex'));
    expect(await proxy.tlsRefused).toMatch('api.clinic.test: hung up during the handshake; ');
    await stillServes(proxy);
  });

  test('and looks like TLS, but is none, is told of', async () => {
    await using proxy = await startTestProxy();
    const { socket } = await askTunnel(proxy, 'api.clinic.test:443');
    await exchange(socket, `\x16${'\xff'.repeat(100)}`);
    expect(await proxy.tlsRefused).toMatch(/^api\.clinic\.test: failed in the handshake: .*wrong version number/);
    await stillServes(proxy);
  });

  test('and speaks HTTP/1.0 is answered', async () => {
    await using proxy = await startTestProxy();
    const tls = await secure(proxy, 'api.clinic.test:443', { ALPNProtocols: ['http/1.0'] });
    expect(await exchange(tls, 'GET /x HTTP/1.0\r\n\r\n')).toMatch(/api\.clinic\.test GET \/x $/);
  });

  test.each(['during', 'after'])('and is left late is told of as such: %s the handshake', async (when) => {
    let time = 0;
    await using proxy = await startTestProxy({ now: () => (time += 1100) });
    if (when === 'after') (await secure(proxy, 'api.clinic.test:443')).end();
    else (await askTunnel(proxy, 'api.clinic.test:443')).socket.end(Buffer.from('160301', 'hex'));
    const told = `api.clinic.test: hung up ${when} the handshake after 1.1 s; its own time limit may be too short`;
    expect(await proxy.tlsRefused).toBe(told);
  });

  test('and speaks HTTP/2 alone is told of', async () => {
    await using proxy = await startTestProxy();
    await expect(secure(proxy, 'api.clinic.test:443', { ALPNProtocols: ['h2'] })).rejects.toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
    });
    expect(await proxy.tlsRefused).toBe('api.clinic.test: speaks no HTTP/1.1');
  });

  test('and speaks an old TLS alone is told of', async () => {
    await using proxy = await startTestProxy();
    const options = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(secure(proxy, 'api.clinic.test:443', options)).rejects.toThrow();
    expect(await proxy.tlsRefused).toMatch(/^api\.clinic\.test: failed in the handshake: .*unsupported protocol/);
  });

  test('and is plain where TLS is spoken is answered with 400', async () => {
    await using proxy = await startTestProxy();
    const { socket } = await askTunnel(proxy, 'api.clinic.test:443');
    expect(await exchange(socket, get('/x', 'a'))).toMatch(
      /^HTTP\/1\.1 400 .*Port 443 of api\.clinic\.test requires TLS\.\n$/s,
    );
  });

  test('and is no HTTP is answered with 400', async () => {
    await using proxy = await startTestProxy();
    const { socket } = await askTunnel(proxy, 'api.clinic.test:80');
    expect(await exchange(socket, 'SSH-2.0-x\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    const tls = await secure(proxy, 'api.clinic.test:443');
    expect(await exchange(tls, 'HELO\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*not HTTP that can be read/s);
  });

  test('and is half closed at once is closed', async () => {
    await using proxy = await startTestProxy();
    const { socket } = await askTunnel(proxy, 'api.clinic.test:443');
    socket.end();
    expect(await text(socket)).toBe('');
  });

  test('and is half closed behind the request is answered', async () => {
    await using proxy = await startTestProxy();
    const { socket } = await askTunnel(proxy, 'api.clinic.test:80');
    socket.end(get('/x', 'a'));
    expect(await text(socket)).toMatch(/api\.clinic\.test GET \/x $/);
  });
});

describe('a program that is too slow', () => {
  const limits = { headerSeconds: 0.1, requestSeconds: 0.2 };

  test('for the first byte in a tunnel is let go', async () => {
    await using proxy = await startTestProxy({ limits });
    const { socket } = await askTunnel(proxy, 'api.clinic.test:443');
    expect(await text(socket)).toBe('');
  });

  test('for the handshake is let go and told of', async () => {
    await using proxy = await startTestProxy({ limits });
    const { socket } = await askTunnel(proxy, 'api.clinic.test:443');
    socket.write(Buffer.from('160301', 'hex'));
    expect(await text(socket)).toBe('');
    expect(await proxy.tlsRefused).toBe('api.clinic.test: did not finish the handshake in time');
  });

  test('for the request is answered with 408, over TLS as well', async () => {
    // A busy machine must have time for the first byte.
    await using proxy = await startTestProxy({ limits: { headerSeconds: 1, requestSeconds: 1.1 } });
    const tls = await secure(proxy, 'api.clinic.test:443');
    const { socket } = await askTunnel(proxy, 'api.clinic.test:80');
    const answers = await Promise.all([
      ...[tls, socket].map((each) => exchange(each, 'GET / HTTP/1.1\r\nHost: a\r\n')),
      send(proxy, 'CONNECT api.clinic.test:443 HTTP/1.1\r\n'),
    ]);
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('is not one that takes one byte after the other', async () => {
    await using proxy = await startTestProxy();
    const socket = await open(proxy);
    socket.setNoDelay(true);
    for (const byte of `CONNECT api.clinic.test:80 HTTP/1.1\r\nHost: a\r\n\r\n${get('/x', 'a')}`) {
      await new Promise((resolve) => socket.write(byte, resolve));
    }
    expect(await text(socket)).toMatch(/api\.clinic\.test GET \/x $/);
  });
});

test('a head that is too large is answered with 431, over TLS as well', async () => {
  await using proxy = await startTestProxy({ limits: { headerBytes: 2048 } });
  const tls = await secure(proxy, 'api.clinic.test:443');
  expect(await exchange(tls, get('/', 'a', `X: ${'x'.repeat(3000)}`))).toMatch(/^HTTP\/1\.1 431 /);
});

test('a connection that breaks, wherever it does, breaks nothing else', async () => {
  await using proxy = await startTestProxy();
  const tunnel = 'CONNECT api.clinic.test:443 HTTP/1.1\r\nHost: a\r\n\r\n';
  const beginnings = [
    '',
    'CONNECT ',
    tunnel,
    `${tunnel}\x16`,
    `${tunnel}\x16\x03\x01\x02\x00\x01`,
    `${tunnel}GET / HTTP/1.1\r\n\r\n`,
    tunnel.replace('api.', 'elsewhere.'),
    tunnel.replace('443', '80') + get('/x', 'a'),
    tunnel.replace('api.clinic.test:443', '127.0.0.1:1'),
    get('http://api.clinic.test/', 'a'),
    get('http://127.0.0.1:1/', 'a'),
    get('http://elsewhere.test/', 'a'),
    'POST http://api.clinic.test/ HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf',
  ];
  for (const bytes of beginnings) {
    for (const leave of ['resetAndDestroy', 'destroy', 'end'] as const) {
      const socket = await open(proxy);
      await new Promise((resolve) => socket.write(bytes === '' ? 'C' : Buffer.from(bytes, 'latin1'), resolve));
      socket[leave]();
      if (leave === 'end') socket.resume();
    }
  }
  await stillServes(proxy);
});

test('a TLS connection that breaks, wherever it does, breaks nothing else', async () => {
  await using proxy = await startTestProxy();
  for (const bytes of ['', 'GET', get('/x', 'a'), 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx']) {
    const { socket } = await askTunnel(proxy, 'api.clinic.test:443');
    const tls = connect({ socket, servername: 'api.clinic.test', ca: proxy.certificate });
    tls.on('error', () => {});
    await once(tls, 'secureConnect');
    if (bytes !== '') await new Promise((resolve) => tls.write(bytes, resolve));
    socket.resetAndDestroy();
  }
  await stillServes(proxy);
});

test('many programs at once are all answered', async () => {
  await using proxy = await startTestProxy();
  const ask = async (index: number): Promise<string> => {
    const tls = await secure(proxy, `${index % 2 === 0 ? 'api' : 'photos'}.clinic.test:443`);
    return exchange(tls, get(`/${index}`, 'a'));
  };
  const answers = await Promise.all(Array.from({ length: runs(100, 500) }, (_, index) => ask(index)));
  for (const [index, answer] of answers.entries()) {
    expect(answer).toMatch(new RegExp(`${index % 2 === 0 ? 'api' : 'photos'}\\.clinic\\.test GET /${index} $`));
  }
});

test('programs above the limit are let go, and the others are answered', async () => {
  await using proxy = await startTestProxy({ limits: { connections: 1 } });
  const tls = await secure(proxy, 'api.clinic.test:443');
  expect(await text(await open(proxy))).toMatch(/^HTTP\/1\.1 503 /);
  expect(await exchange(tls, get('/x', 'a'))).toMatch(/ GET \/x $/);
});

test('the end of the proxy is the end of all connections, and told of none', async () => {
  const told: string[] = [];
  const proxy = await startTestProxy({ onTlsRefused: (host, reason) => told.push(`${host}: ${reason}`) });
  const idle = await open(proxy);
  const waiting = await askTunnel(proxy, 'api.clinic.test:443');
  const greeting = await askTunnel(proxy, 'api.clinic.test:443');
  greeting.socket.write(Buffer.from('160301', 'hex'));
  const tls = await secure(proxy, 'api.clinic.test:443');
  const through = await askTunnel(proxy, `127.0.0.1:${proxy.port}`);
  const sockets = [idle, waiting.socket, greeting.socket, tls, through.socket];
  const closed = sockets.map((socket) => once(socket.resume(), 'end').catch(() => 'reset'));
  const began = performance.now();
  await proxy.close();
  await proxy.close();
  expect(performance.now() - began).toBeLessThan(soon);
  await Promise.all(closed);
  expect(told).toEqual([]);
});

const outside = Object.values(networkInterfaces())
  .flat()
  .find((each) => each && !each.internal && each.family === 'IPv4');
(outside ? test : test.skip)('a program that does not come from this machine is let go', async () => {
  await using proxy = await startTestProxy();
  const socket = connectRaw({ port: proxy.port, host: '127.0.0.1', localAddress: outside?.address ?? '' });
  socket.on('error', () => {});
  socket.write(get('http://api.clinic.test/', 'a'));
  await once(socket, 'close');
  expect(socket.bytesRead).toBe(0);
});
