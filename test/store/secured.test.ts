// How the command names a store that it cannot use, and uses one with TLS and users: in `npm run test:long`.
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { invocation, run, startArzamedWith, type Ended } from '../support/command.ts';
import { freePort } from '../support/free-port.ts';
import { hasRedis, startRedis, type Redis } from '../support/redis.ts';
import { isLong } from '../support/runs.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';
import { makeTestAuthority } from '../support/test-authority.ts';

const isThere = hasRedis && isLong;
const when = isThere ? test : test.skip;

type Variables = Record<string, string>;

/** Starts a mock that should not start. */
function refused(store: string, variables: Variables = {}): Promise<Ended> {
  const [program, args] = invocation('mock', '--port', '0', '--json');
  return run(program, args, { env: { ...process.env, ARZAMED_STORE: store, ...variables }, timeout: 20_000 });
}

/** What is printed of a store that cannot be used, without a stack trace. */
function saying(reason: string, remedy: string): object {
  const lines = ['arzamed: The store cannot be used\\.', `  reason  ${reason}`, remedy];
  return { code: 2, stdout: '', stderr: expect.stringMatching(new RegExp(`^${lines.join('\\n')}\\n$`)) };
}

describe('a store', () => {
  let folder: TemporaryFolder;
  let redis: Redis;
  let url: string;
  let known: Variables;
  const user = { ARZAMED_STORE_USER: 'mock', ARZAMED_STORE_PASSWORD: 'geheim' };

  beforeAll(async () => {
    if (!isThere) return;
    folder = await temporaryFolder();
    const { authority, certificate, key } = await makeTestAuthority(['localhost']);
    const file = (name: string): string => join(folder.path, name);
    await writeFile(file('ca.pem'), authority);
    await writeFile(file('certificate.pem'), certificate);
    await writeFile(file('key.pem'), key);
    const port = await freePort();
    const tls = ['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no'];
    const files = ['--tls-ca-cert-file', file('ca.pem'), '--tls-cert-file', file('certificate.pem')];
    const all = ['on', '>geheim', '~arzamed:*', '+@all', '-@dangerous'];
    const users = [
      ['--user', 'default', 'off'],
      ['--user', 'mock', ...all],
      ['--user', 'calm', ...all, '-eval', '-evalsha'],
      ['--user', 'other', 'on', '>geheim', '~other:*', '+@all'],
    ];
    redis = await startRedis(port, ...tls, ...files, '--tls-key-file', file('key.pem'), ...users.flat());
    url = `rediss://localhost:${port}`;
    known = { NODE_EXTRA_CA_CERTS: file('ca.pem') };
  });
  afterAll(async () => {
    if (!isThere) return;
    await redis[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  when('with TLS and users is used, with the least rights', async () => {
    await using mock = await startArzamedWith(
      { ARZAMED_STORE: url, ...user, ...known },
      /\n/,
      'mock',
      '--port=0',
      '--json',
    );
    const { url: address }: { url: string } = JSON.parse(mock.stdout);
    expect((await fetch(`${address}/_mock/sandboxes`, { method: 'POST' })).status).toBe(201);
    expect((await fetch(`${address}/_mock/reset`, { method: 'POST' })).status).toBe(204);
  });

  when('with a certificate of an unknown CA is refused', async () => {
    const remedy = 'Name the file of the CA that signed its certificate with NODE_EXTRA_CA_CERTS=FILE\\.';
    expect(await refused(url, user)).toEqual(saying('.*certificate.*', remedy));
  });

  when('with the certificate of another host is refused', async () => {
    const answer = await refused(url.replace('localhost', '127.0.0.1'), { ...user, ...known });
    expect(answer).toEqual(saying('.*altnames.*', 'Name its host as its certificate does\\.'));
  });

  when('is asked with TLS only where it has TLS', async () => {
    const answer = await refused(url.replace('rediss', 'redis'), user);
    expect(answer).toEqual(saying('.*', 'Name a Redis 7 .* with rediss:// if it speaks TLS\\.'));
  });

  when.each<[string, Variables]>([
    ['a wrong password', { ARZAMED_STORE_PASSWORD: 'falsch' }],
    ['an unknown user', { ARZAMED_STORE_USER: 'falsch' }],
    ['an empty password', { ARZAMED_STORE_PASSWORD: '' }],
  ])('refuses %s, which is not printed', async (_, wrong) => {
    const answer = await refused(url, { ...known, ...user, ...wrong });
    expect(answer).toEqual(saying('(WRONGPASS|NOAUTH) .*', 'Set ARZAMED_STORE_PASSWORD, .*'));
    expect(answer.stderr).not.toMatch(/falsch|geheim/);
  });

  when.each([
    ['the scripts', 'calm', 'eval'],
    ['the keys', 'other', 'key'],
  ])('that denies a user %s is refused', async (_, name, denied) => {
    const answer = await refused(url, { ...known, ...user, ARZAMED_STORE_USER: name });
    expect(answer).toEqual(saying(`NOPERM .*${denied}.*`, 'Name a Redis that lets the user call EVAL .*'));
  });

  when('that is a replica is refused', async () => {
    await using first = await startRedis();
    await using replica = await startRedis(
      undefined,
      '--dir',
      folder.path,
      '--replicaof',
      '127.0.0.1',
      String(first.port),
    );
    expect(await refused(replica.url)).toEqual(saying('It is a replica, .*', 'Name the primary\\.'));
  });

  when('that is part of a cluster is refused', async () => {
    const nodes = ['--cluster-enabled', 'yes', '--cluster-config-file', join(folder.path, 'nodes.conf')];
    await using node = await startRedis(undefined, ...nodes);
    const remedy = 'Name a Redis that is no part of a cluster\\.';
    expect(await refused(node.url)).toEqual(saying('It runs in the mode cluster\\.', remedy));
  });

  when('that is older than Redis 7 is refused', async () => {
    await using recent = await startRedis();
    const older = createServer((socket) => {
      const upstream = createConnection(recent.port, '127.0.0.1');
      upstream.on('data', (part) => {
        socket.write(part.toString('latin1').replace(/(\bversion\r\n\$\d+\r\n)\d/, '$16'), 'latin1');
      });
      socket.pipe(upstream);
      for (const each of [socket, upstream]) each.on('error', () => {});
    });
    older.listen(0, '127.0.0.1');
    await once(older, 'listening');
    const { port }: { port: number } = JSON.parse(JSON.stringify(older.address()));
    const answer = await refused(`redis://127.0.0.1:${port}`);
    older.close();
    expect(answer).toEqual(saying('It is version 6\\..*, older than 7\\.', 'Name a Redis 7 .*'));
  });

  when('whose URL has a % in the password, or another path, is refused without it', async () => {
    const escaped = saying('URI malformed', 'Write %25 for % in user and password of its URL\\.');
    expect(await refused('redis://mock:geh%eim@localhost:1')).toEqual(escaped);
    const path = saying('Invalid pathname', 'Name a Redis 7 .*');
    expect(await refused('redis://mock:geheim@localhost:1/mock')).toEqual(path);
  });
});
