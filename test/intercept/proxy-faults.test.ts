// Each delivery of a fault, through the proxy as on the mock's own address.
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { codeOf } from '../../src/util/errors.ts';
import { startMock, type Mock } from '../../src/mock/index.ts';
import { askTunnel, get, open, secure, startTestProxy, type TestProxy } from '../support/through-proxy.ts';

const host = 'api.clinic.test';

let mock: Mock;
let proxy: TestProxy;
beforeAll(async () => {
  mock = await startMock({ sleep: () => nextTurn() });
  proxy = await startTestProxy({ hosts: new Map([[host, mock.handle]]) });
});
afterAll(async () => {
  await proxy.close();
  await mock.close();
});

/** What a program reads of the answer, without what each answer has of its own, and how the connection ended. */
async function read(connection: Socket, raw: Socket, target: string): Promise<{ answer: string; end: string }> {
  const chunks: Buffer[] = [];
  connection.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<string>((resolve) => {
    for (const each of [connection, raw]) {
      each.on('error', (error) => resolve(codeOf(error) === 'ECONNRESET' ? 'reset' : error.message));
      each.on('end', () => resolve('closed'));
    }
  });
  connection.write(get(target, host));
  const end = await ended;
  raw.destroy();
  const answer = Buffer.concat(chunks).toString('latin1');
  return { answer: answer.replaceAll(/^(?:date|www-authenticate): .*\r\n/gim, ''), end };
}

const target = '/api/v1/equipe/doctors';

const ways: Record<string, () => Promise<[Socket, Socket, string]>> = {
  'through TLS in a tunnel': async () => {
    const { tls, socket } = await secureWithSocket();
    return [tls, socket, target];
  },
  'through a tunnel': async () => {
    const { socket } = await askTunnel(proxy, `${host}:80`);
    return [socket, socket, target];
  },
  'by its whole URL': async () => {
    const socket = await open(proxy);
    return [socket, socket, `http://${host}${target}`];
  },
};

async function secureWithSocket(): Promise<{ tls: Socket; socket: Socket }> {
  const { socket } = await askTunnel(proxy, `${host}:443`);
  return { tls: await secure(proxy, `${host}:443`, { socket }), socket };
}

async function direct(): Promise<[Socket, Socket, string]> {
  const socket = connect(Number(new URL(mock.url).port), '127.0.0.1');
  return [socket, socket, target];
}

describe('a fault of the connection', () => {
  for (const delivery of ['reset', 'close', 'truncate', 'garbage', 'slow', 'chunked'] as const) {
    test.each(Object.keys(ways))(`is the same %s as on the mock's own address: ${delivery}`, async (way) => {
      mock.reset();
      mock.faults.add({ operationId: 'listDoctors', status: 503, body: { a: 'b'.repeat(20) }, delivery });
      const [connection, raw, asked] = (await ways[way]?.()) ?? (await direct());
      const seen = await read(connection, raw, asked);
      // The same random bytes come after the same start.
      mock.reset();
      mock.faults.add({ operationId: 'listDoctors', status: 503, body: { a: 'b'.repeat(20) }, delivery });
      expect(seen).toEqual(await read(...(await direct())));
      expect(seen.end).toBe(delivery === 'reset' ? 'reset' : 'closed');
    });
  }
});
