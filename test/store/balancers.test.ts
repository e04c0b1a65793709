// Mocks without a store behind nginx and HAProxy, set up as docs/examples say but for the ports: in `npm run test:long`, where
// they are installed (`apt install nginx-light haproxy`).
import { spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createControlClient, type ControlClient } from '../../src/control/index.ts';
import { startArzamedWith, type Started } from '../support/command.ts';
import { freePort } from '../support/free-port.ts';
import { callAt, tokenFrom } from '../support/replicas.ts';
import { isLong, soon } from '../support/runs.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

const token = 'not-a-secret';
type Sandbox = Awaited<ReturnType<ControlClient['createSandbox']>>;

const balancers = [
  {
    name: 'nginx',
    example: 'nginx.conf',
    start: async (folder: string, example: string): Promise<string[]> => {
      const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (of) => `${of}_temp_path ${folder}/${of};`,
      );
      const main = `user root; daemon off; pid ${folder}/pid; error_log stderr crit; events {}
        http { access_log off; ${paths.join(' ')} include ${example}; }`;
      await writeFile(join(folder, 'main.conf'), main);
      return ['-c', join(folder, 'main.conf')];
    },
  },
  {
    name: 'haproxy',
    example: 'haproxy.cfg',
    start: async (_folder: string, example: string): Promise<string[]> => ['-db', '-f', example],
  },
].map((each) => ({ ...each, isThere: isLong && spawnSync(each.name, ['-v']).status === 0 }));

async function isOpen(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1');
  const opened = once(socket, 'connect').then(
    () => true,
    () => false,
  );
  return opened.finally(() => socket.destroy());
}

describe.each(balancers)('mocks without a store behind $name', ({ name, example, start, isThere }) => {
  const when = isThere ? test : test.skip;
  const controlAt = (url: string): ControlClient => createControlClient({ url, token });
  let folder: TemporaryFolder;
  let balancer: { url: string; stop: () => Promise<unknown> };
  let mocks: (Started & { url: string })[];
  let sandboxes: Sandbox[];

  beforeAll(async () => {
    if (!isThere) return;
    folder = await temporaryFolder();
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = join(folder.path, 'key.pem');
    await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const ports = await Promise.all([4010, 4011, 4012, 4013].map(freePort));
    const [port = 0, ...others] = ports;
    const url = `http://127.0.0.1:${port}`;
    mocks = await Promise.all(
      others.map(async (each) => {
        const words = ['mock', '--port', String(each), '--signing-key', key, '--public-url', url, '--quiet'];
        const started = await startArzamedWith({ ARZAMED_CONTROL_TOKEN: token }, /127\.0\.0\.1/, ...words);
        return { ...started, url: `http://127.0.0.1:${each}` };
      }),
    );
    const text = await readFile(join('docs/examples', example), 'utf8');
    const file = join(folder.path, example);
    await writeFile(
      file,
      text.replaceAll(/\b401([0-3])\b/g, (_, index) => String(ports[Number(index)])),
    );
    const child = spawn(name, await start(folder.path, file), { stdio: 'inherit' });
    const exited = once(child, 'exit');
    balancer = { url, stop: async () => child.kill('SIGTERM') && exited };
    while (!(await isOpen(port))) await Promise.race([wait(20), exited.then(() => Promise.reject(new Error(name)))]);
    const seeds = Array.from({ length: 30 }, (_, seed) => seed);
    sandboxes = await Promise.all(seeds.map((seed) => controlAt(url).createSandbox({ body: { seed } })));
  }, 60_000);
  afterAll(async () => {
    if (!isThere) return;
    await balancer.stop();
    for (const mock of mocks) await mock.stop('SIGTERM');
    await folder[Symbol.asyncDispose]();
  });

  async function bearerOf({ url, clinics }: Pick<Sandbox, 'url' | 'clinics'>): Promise<string> {
    const [first] = clinics;
    const key = first?.keys.find(({ status }) => status === 'active');
    if (!first || !key) throw new Error('There is no active key.');
    return (await tokenFrom({ url }, { ...key, clinic: first.clinic })).authorization;
  }

  async function statusIn(sandbox: Sandbox): Promise<number> {
    return callAt(sandbox, await bearerOf(sandbox));
  }

  when('each mock has some of the sandboxes, and all requests of one reach it', async () => {
    const made = await Promise.all(mocks.map(({ url }) => controlAt(url).listSandboxes()));
    expect(made.map(({ length }) => length)).not.toContain(0);
    expect(made.flatMap((some) => some.map(({ id }) => id)).toSorted()).toEqual(
      sandboxes.map(({ id }) => id).toSorted(),
    );
    expect(await Promise.all(sandboxes.map(statusIn))).toEqual(Array(30).fill(200));
    for (const { url } of sandboxes) {
      expect(await controlAt(url).countJournal()).toEqual({ count: 2, dropped: 0 });
    }
  });

  when('a fault in one sandbox strikes there alone', async () => {
    const [struck, ...others] = sandboxes.map(({ url }) => url);
    await controlAt(struck ?? '').addFault({ body: { operationId: 'listDoctors', status: 429 } });
    const statuses = await Promise.all(sandboxes.map(statusIn));
    expect(statuses).toEqual([429, ...others.map(() => 200)]);
  });

  when('the journal of a sandbox is streamed as it is written', async () => {
    const [, sandbox] = sandboxes;
    if (!sandbox) throw new Error('There is none.');
    const headers = { Authorization: `Bearer ${token}` };
    const abort = new AbortController();
    const { body } = await fetch(`${sandbox.controlUrl}/journal/stream`, { headers, signal: abort.signal });
    const events = body?.pipeThrough(new TextDecoderStream()).getReader();
    for (const operation of ['requestToken', 'listDoctors']) {
      const read = events?.read();
      const began = performance.now();
      await (operation === 'listDoctors' ? callAt(sandbox, 'Bearer none') : bearerOf(sandbox));
      expect((await read)?.value).toContain(operation);
      expect(performance.now() - began).toBeLessThan(soon);
    }
    abort.abort();
  });

  when('a token of the own world of one holds at all, and calls without a sandbox reach always the same', async () => {
    const control = controlAt(balancer.url);
    const clinics = await control.listCredentials();
    const tokens = await Promise.all(mocks.map(({ url }) => bearerOf({ url, clinics })));
    for (const { url } of [...mocks, balancer, balancer, balancer]) {
      for (const authorization of tokens) expect(await callAt({ url }, authorization)).toBe(200);
    }
    const counts = await Promise.all(mocks.map(({ url }) => controlAt(url).countJournal()));
    expect(counts.map(({ count }) => count).toSorted((a, b) => a - b)).toEqual([4, 4, 13]);
  });

  when('a sandbox is ended through the balancer', async () => {
    const ended = sandboxes.splice(2, 1)[0];
    await controlAt(balancer.url).endSandbox({ path: { sandboxId: ended?.id ?? '' } });
    expect(await callAt({ url: ended?.url ?? '' }, 'Bearer none')).toBe(404);
  });

  when('where a mock is killed, its sandboxes are unavailable, and the others go on', async () => {
    const [killed, ...others] = mocks;
    const lost = new Set((await controlAt(killed?.url ?? '').listSandboxes()).map(({ id }) => id));
    const authorizations = await Promise.all(sandboxes.map(bearerOf));
    await killed?.stop('SIGKILL');
    const found = sandboxes.map(async ({ id, url }, index) => {
      const status = await callAt({ url }, authorizations[index] ?? '');
      return lost.has(id) ? expect([502, 503]).toContain(status) : expect([200, 429]).toContain(status);
    });
    await Promise.all(found);
    expect(lost.size).toBeLessThan(sandboxes.length);
    expect(others).toHaveLength(2);
  });
});
