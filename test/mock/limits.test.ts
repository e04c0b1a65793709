import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { startUsualMock } from '../support/usual-mock.ts';

async function open(mock: Mock): Promise<Socket> {
  const { hostname, port } = new URL(mock.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes and gives what comes back until the other end closes. */
async function send(mock: Mock, bytes: string): Promise<string> {
  const socket = await open(mock);
  socket.write(bytes);
  return text(socket);
}

describe('a request', () => {
  test('with a head that is too large is answered with 431', async () => {
    await using mock = await startUsualMock({ limits: { headerBytes: 2048 } });
    const answer = await send(mock, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(3000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 .*\{"message":"The head of the request is too large\."\}$/s);
  });

  test('whose head does not come is answered with 408', async () => {
    await using mock = await startUsualMock({ limits: { headerSeconds: 0.1, requestSeconds: 0.2 } });
    expect(await send(mock, 'GET / HTTP/1.1\r\nHost: a\r\n')).toMatch(/^HTTP\/1\.1 408 .*did not come to its end/s);
  });

  test('whose body does not come is answered with 408', async () => {
    await using mock = await startUsualMock({ limits: { headerSeconds: 0.1, requestSeconds: 0.2 } });
    const head = 'POST /auth/bianchi/oauth2/token HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n';
    expect(await send(mock, head)).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('that is no HTTP is answered with 400', async () => {
    await using mock = await startUsualMock();
    expect(await send(mock, 'HELO mock\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"The request is not HTTP/s);
  });

  test('for the whole URL, as a proxy gets it, is understood', async () => {
    await using mock = await startUsualMock();
    const answer = await send(
      mock,
      `GET ${mock.baseUrl}/equipe/doctors HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });
});

test('connections above the limit are refused with a sentence, and the others go on', async () => {
  await using mock = await startUsualMock({ limits: { connections: 2 } });
  const sockets = [await open(mock), await open(mock)];
  const third = await open(mock);
  expect(await text(third)).toMatch(/^HTTP\/1\.1 503 .*"The mock has 2 open connections, no more\."/s);
  sockets[0]?.end('GET /_mock/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n');
  expect(sockets[0] && (await text(sockets[0]))).toMatch(/^HTTP\/1\.1 200 /);
  sockets[1]?.destroy();
});
