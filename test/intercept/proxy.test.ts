import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { describe, expect, test } from '@jest/globals';
import { createAuthority } from '../../src/intercept/certificate-authority.ts';
import { bearerOf } from '../support/http.ts';
import { askTunnel, exchange, get, open, played, secure, send, startTestProxy } from '../support/through-proxy.ts';
import { startUsualMock } from '../support/usual-mock.ts';

describe('an https request to a host that is played', () => {
  test('is answered over TLS that a program checks', async () => {
    await using proxy = await startTestProxy();
    const tls = await secure(proxy, 'api.clinic.test:443');
    expect(tls.authorized).toBe(true);
    const answer = await exchange(tls, get('/v1/doctors?a=1', 'api.clinic.test'));
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n.*api\.clinic\.test GET \/v1\/doctors\?a=1 $/s);
  });

  test('may have a body', async () => {
    await using proxy = await startTestProxy();
    const tls = await secure(proxy, 'api.clinic.test:443');
    const request = 'POST /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello';
    expect(await exchange(tls, request)).toMatch(/api\.clinic\.test POST \/x hello$/);
  });

  test.each(['API.Clinic.TEST:443', 'api.clinic.test.:443', 'api.clinic.test:8443'])(
    'is answered where the program writes the host as %s',
    async (target) => {
      await using proxy = await startTestProxy();
      const tls = await secure(proxy, target, { servername: 'api.clinic.test' });
      expect(await exchange(tls, get('/', 'a'))).toMatch(/api\.clinic\.test GET \/ $/);
    },
  );

  test('goes to the host of the tunnel where the program names none in the handshake', async () => {
    await using proxy = await startTestProxy();
    const checkServerIdentity = (): undefined => undefined;
    const tls = await secure(proxy, 'photos.clinic.test:443', { servername: '', checkServerIdentity });
    expect(tls.getPeerCertificate().subjectaltname).toBe('DNS:photos.clinic.test');
    expect(await exchange(tls, get('/', 'a'))).toMatch(/photos\.clinic\.test GET \/ $/);
  });

  test('goes to the host of the handshake where that is another one that is played', async () => {
    await using proxy = await startTestProxy();
    const tls = await secure(proxy, 'photos.clinic.test:443', { servername: 'API.clinic.test' });
    expect(await exchange(tls, get('/', 'a'))).toMatch(/api\.clinic\.test GET \/ $/);
  });

  test('gets the certificate of the tunnel, and refuses it, where the handshake asks for another host', async () => {
    await using proxy = await startTestProxy();
    const tls = secure(proxy, 'api.clinic.test:443', { servername: 'elsewhere.test' });
    await expect(tls).rejects.toThrow("Host: elsewhere.test. is not in the cert's altnames: DNS:api.clinic.test");
  });

  test('is answered as well after weeks, when the first certificate has ended', async () => {
    let days = 30;
    const now = (): number => Date.now() - days * 86_400_000;
    await using proxy = await startTestProxy({ authority: await createAuthority({ hosts: played, now }) });
    await expect(secure(proxy, 'api.clinic.test:443')).rejects.toThrow('certificate has expired');
    days = 0;
    const tls = await secure(proxy, 'api.clinic.test:443');
    expect(await exchange(tls, get('/', 'a'))).toMatch(/api\.clinic\.test GET \/ $/);
    const other = await secure(proxy, 'photos.clinic.test:443', { servername: 'api.clinic.test' });
    expect(await exchange(other, get('/', 'a'))).toMatch(/api\.clinic\.test GET \/ $/);
  });

  test('is one of several on its connection', async () => {
    await using proxy = await startTestProxy();
    const tls = await secure(proxy, 'api.clinic.test:443');
    const requests = `GET /1 HTTP/1.1\r\nHost: a\r\n\r\n${get('/2', 'a')}`;
    expect(await exchange(tls, requests)).toMatch(/GET \/1 .*GET \/2 /s);
  });

  test('speaks HTTP/1.1, also where the program would rather have HTTP/2', async () => {
    await using proxy = await startTestProxy();
    const tls = await secure(proxy, 'api.clinic.test:443', { ALPNProtocols: ['h2', 'http/1.1'] });
    expect(tls.alpnProtocol).toBe('http/1.1');
    tls.destroy();
  });

  test('to upgrade to a WebSocket is answered as any other', async () => {
    await using proxy = await startTestProxy();
    const tls = await secure(proxy, 'api.clinic.test:443');
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='];
    tls.write(`GET /live HTTP/1.1\r\nHost: a\r\n${upgrade.join('\r\n')}\r\n\r\n`);
    expect(await exchange(tls, get('/after', 'a'))).toMatch(/^HTTP\/1\.1 200 .* GET \/live .* GET \/after /s);
  });

  test('may begin in the packet that asks for the tunnel', async () => {
    await using proxy = await startTestProxy();
    const socket = eagerTunnel(await open(proxy), 'api.clinic.test:443');
    const tls = connect({ socket, servername: 'api.clinic.test', ca: proxy.certificate });
    await once(tls, 'secureConnect');
    expect(await exchange(tls, get('/x', 'a'))).toMatch(/api\.clinic\.test GET \/x $/);
  });
});

describe('a plain request to a host that is played', () => {
  test('is answered', async () => {
    await using proxy = await startTestProxy();
    const answer = await send(proxy, get('http://api.clinic.test/v1/doctors?a=1', 'api.clinic.test'));
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*api\.clinic\.test GET \/v1\/doctors\?a=1 $/s);
  });

  test.each([
    ['a port', 'http://api.clinic.test:8080/x', '/x'],
    ['capitals', 'HTTP://API.clinic.test/X', '/X'],
    ['no path', 'http://api.clinic.test', '/'],
    ['a query alone', 'http://api.clinic.test?a', '/?a'],
    ['a name and a password', 'http://a:b@api.clinic.test/x', '/x'],
    ['https', 'https://api.clinic.test/x', '/x'],
  ])('is answered where its URL has %s', async (_name, url, path) => {
    await using proxy = await startTestProxy();
    expect(await send(proxy, get(url, 'elsewhere.test'))).toContain(`api.clinic.test GET ${path} `);
  });

  test('goes to the host of its own URL, whatever was asked on the connection before', async () => {
    await using proxy = await startTestProxy();
    const first = 'GET http://api.clinic.test/1 HTTP/1.1\r\nHost: api.clinic.test\r\n\r\n';
    const answer = await send(proxy, first + get('http://photos.clinic.test/2', 'photos.clinic.test'));
    expect(answer).toMatch(/api\.clinic\.test GET \/1 .*photos\.clinic\.test GET \/2 /s);
  });

  test('may come through a tunnel, as Node and WebSockets do it', async () => {
    await using proxy = await startTestProxy();
    const { socket } = await askTunnel(proxy, 'api.clinic.test:80');
    expect(await exchange(socket, get('/x', 'api.clinic.test'))).toMatch(/api\.clinic\.test GET \/x $/);
  });

  test('may come in the packet that asks for the tunnel', async () => {
    await using proxy = await startTestProxy();
    const tunnel = 'CONNECT api.clinic.test:80 HTTP/1.1\r\nHost: a\r\n\r\n';
    expect(await send(proxy, tunnel + get('/x', 'a'))).toMatch(/^HTTP\/1\.1 200 .*HTTP\/1\.1 200 .* GET \/x $/s);
  });

  test('to upgrade to a WebSocket is answered as any other', async () => {
    await using proxy = await startTestProxy();
    const upgrade = ['Connection: Upgrade, close', 'Upgrade: websocket'];
    const answer = await send(
      proxy,
      `GET http://api.clinic.test/live HTTP/1.1\r\nHost: a\r\n${upgrade.join('\r\n')}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 .* GET \/live $/s);
  });
});

test('the mock answers on its hosts as on its own address', async () => {
  await using mock = await startUsualMock();
  await using proxy = await startTestProxy({ hosts: new Map([['api.clinic.test', mock.handle]]) });
  const tls = await secure(proxy, 'api.clinic.test:443');
  const authorization = `Authorization: ${await bearerOf(mock, 'nuovo', { scope: 'https://api.nextgen.arzamed.com/read' })}`;
  expect(await exchange(tls, get('/api/v1/equipe/doctors', 'a', authorization))).toMatch(/^HTTP\/1\.1 200 .*\[\]$/s);
  expect(mock.journal.find().at(-1)).toMatchObject({ clinic: 'nuovo', status: 200 });
});

test('the control API of the mock is no part of the hosts that are played', async () => {
  await using mock = await startUsualMock();
  await using proxy = await startTestProxy({ hosts: new Map([['api.clinic.test', mock.handle]]) });
  const tls = await secure(proxy, 'api.clinic.test:443');
  expect(await exchange(tls, get('/_mock/journal', 'api.clinic.test'))).toMatch(/^HTTP\/1\.1 403 /);
});

/** A tunnel whose first bytes go out together with the request for it. */
function eagerTunnel(socket: Socket, target: string): Duplex {
  const request = Buffer.from(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
  let [before, established] = [request, false];
  const tunnel = new Duplex({
    write: (chunk: Buffer, _encoding, done) => {
      socket.write(Buffer.concat([before, chunk]), () => done());
      before = Buffer.alloc(0);
    },
    read: () => void socket.resume(),
  });
  socket.on('data', (chunk) => {
    const end = established ? 0 : chunk.indexOf('\r\n\r\n') + 4;
    established = true;
    if (end < chunk.length) tunnel.push(chunk.subarray(end));
  });
  socket.on('end', () => tunnel.push(null));
  return tunnel;
}
