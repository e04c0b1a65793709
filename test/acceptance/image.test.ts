// The container image, built by buildah and run in its own root file system as a user without a name. It takes half a minute,
// so `npm run test:long` does it, as root, where buildah is installed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { glob, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mistakesIn, packagesOf, read, type Bill, type Component } from '../support/bills.ts';
import { run } from '../support/command.ts';
import { isLong } from '../support/runs.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

const isInstalled =
  isLong && process.getuid?.() === 0 && (await run('sh', ['-c', 'command -v buildah strip'])).code === 0;
const command = ['/usr/bin/node', '/usr/lib/node_modules/arzamed-devkit/dist/cli/main.js'];

let folder: TemporaryFolder;

/** @param store each image has its own: buildah removes stages of an image that another has as well. */
async function buildah(store: string, ...args: string[]): Promise<string> {
  const [root, runroot] = [join(folder.path, store, 'root'), join(folder.path, store, 'run')];
  const env = { ...process.env, STORAGE_DRIVER: 'vfs', BUILDAH_ISOLATION: 'chroot' };
  const { code, stdout, stderr } = await run('buildah', ['--root', root, '--runroot', runroot, ...args], { env });
  if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

/** @param format only that of Docker keeps the health check, with a host name that differs each time. */
async function build(target: string, store = target, format = 'oci'): Promise<string> {
  const args = ['--timestamp', '0', '--format', format, '--quiet', '--target', target, '--tag', target];
  return buildah(store, 'build', ...args, '--file', 'Containerfile', 'build/image');
}

/** Megabytes of the image as a registry keeps it. */
async function compressed(image: string): Promise<number> {
  const archive = join(folder.path, `${image}.tar`);
  await buildah(image, 'push', image, `oci-archive:${archive}`);
  return (await stat(archive)).size / 1e6;
}

/** Arguments of chroot for a program within an image, as a user that it has no name for. */
async function within(image: string): Promise<string[]> {
  const root = await buildah(image, 'mount', await buildah(image, 'from', image));
  return ['--userspec=12345:12345', root, ...command];
}

describe('the image', () => {
  let mock: string;
  let verify: string;
  beforeAll(async () => {
    if (!isInstalled) return;
    folder = await temporaryFolder();
    expect(await run('node', ['scripts/image.ts'])).toMatchObject({ code: 0 });
    verify = await build('verify');
    mock = await build('mock');
  }, 120_000);
  afterAll(async () => {
    if (!isInstalled) return;
    for (const store of ['mock', 'verify']) await buildah(store, 'rm', '--all');
    await folder[Symbol.asyncDispose]();
  });
  const whereInstalled = isInstalled ? test : test.skip;

  whereInstalled(
    'has at most 60 MB compressed, and 90 MB with what verify needs',
    async () => {
      expect(await compressed('mock')).toBeLessThan(60);
      expect(await compressed('verify')).toBeLessThan(90);
    },
    60_000,
  );

  whereInstalled('names all that is in it in its bill of materials', async () => {
    const [mocks, all]: Bill[] = await Promise.all(
      ['mock', 'verify'].map((name) => read<Bill>(`build/image/${name}/usr/share/sbom/arzamed-devkit.cdx.json`)),
    );
    if (mocks === undefined || all === undefined) throw new Error('There are no bills.');
    expect([await mistakesIn(mocks), await mistakesIn(all)]).toEqual([null, null]);
    const packed = packagesOf(await read('dist/sbom.cdx.json'));
    expect([packagesOf(mocks), packagesOf(all)]).toEqual(Array(2).fill(expect.arrayContaining(packed)));
    const installed = new Set<string>();
    for await (const path of glob('build/image/*/usr/lib/**/node_modules/{*,@*/*}/package.json')) {
      const { name, version } = await read<Component>(path);
      installed.add(`${name} ${version}`);
    }
    expect(packagesOf(all)).toEqual(expect.arrayContaining([...installed]));
    expect([...installed]).toContainEqual(expect.stringMatching(/^@pact-foundation\/pact-core-linux/));
    // Whose package of Debian a library is.
    const known = new Set(mocks.components.map(({ name }) => name));
    for await (const library of glob('build/image/mock/{lib,lib64}/*')) {
      const { stdout } = await run('dpkg-query', ['--search', `*/${basename(library)}`]);
      const owners = stdout.split('\n').map((line) => line.split(':')[0] ?? '');
      expect({ library, known: owners.some((owner) => known.has(owner)) }).toEqual({ library, known: true });
    }
    expect(known).toContain('node');
  });

  whereInstalled(
    'has the same bytes when it is built again',
    async () => {
      expect(await run('node', ['scripts/image.ts'])).toMatchObject({ code: 0 });
      expect(await build('verify', 'again')).toBe(verify);
      expect(await build('mock', 'again')).toBe(mock);
    },
    120_000,
  );

  whereInstalled(
    'is ready by its health check, answers, and ends within a second of SIGTERM under load, where it may write no file',
    async () => {
      const inside = await within('mock');
      const env = { PATH: '/usr/bin', ARZAMED_HOST: '0.0.0.0' };
      const readOnly = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && exec /usr/sbin/chroot "$0" "$@"';
      const words = ['--mount', '/bin/sh', '-c', readOnly, ...inside, 'mock', '--port', '0', '--json'];
      const child = spawn('/usr/bin/unshare', words, { env, stdio: ['ignore', 'pipe', 'inherit'] });
      const [line]: Buffer[] = await once(child.stdout, 'data');
      const { url, baseUrl, clinics, controlToken } = JSON.parse(String(line));
      expect(controlToken).toEqual(expect.any(String));
      expect(await run('/usr/sbin/chroot', [...inside, 'health', url], { env })).toMatchObject({
        code: 0,
        stdout: 'Ready.\n',
      });
      const [
        {
          tokenUrl,
          keys: [key],
        },
      ] = clinics;
      const basic = Buffer.from(`${key.clientId}:${key.clientSecret}`).toString('base64');
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        scope: 'https://api.nextgen.arzamed.com/read',
      });
      const issued = await fetch(tokenUrl, { method: 'POST', headers: { Authorization: `Basic ${basic}` }, body });
      const { access_token: token }: { access_token: string } = JSON.parse(await issued.text());
      const call = (): Promise<Response> =>
        fetch(`${baseUrl}/equipe/doctors`, { headers: { Authorization: `Bearer ${token}` } });
      const answer = await call();
      expect({ status: answer.status, doctors: JSON.parse(await answer.text()) }).toMatchObject({
        status: 200,
        doctors: expect.any(Array),
      });
      const load = Array.from({ length: 200 }, () =>
        call().then(
          ({ status }) => status,
          () => 'closed',
        ),
      );
      const asked = performance.now();
      child.kill('SIGTERM');
      const [code] = await once(child, 'exit');
      expect(performance.now() - asked).toBeLessThan(1500);
      expect({
        code,
        statuses: [...new Set(await Promise.all(load))].filter((status) => status !== 200 && status !== 'closed'),
      }).toEqual({ code: 0, statuses: [] });
    },
    60_000,
  );

  whereInstalled(
    'says that nothing is ready where nothing listens',
    async () => {
      const { code, stderr } = await run(
        '/usr/sbin/chroot',
        [...(await within('mock')), 'health', 'http://127.0.0.1:1'],
        {
          env: {},
        },
      );
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('Not ready: no mock answers') });
    },
    60_000,
  );

  whereInstalled(
    'verifies contracts, with Pact and the linter',
    async () => {
      const container = await buildah('verify', 'from', 'verify');
      const inside = ['--user', '12345', container, '--', ...command, 'verify', '--json'];
      const { verdicts } = JSON.parse(await buildah('verify', 'run', ...inside));
      expect(verdicts.filter(({ result }: { result: string }) => result !== 'holds')).toEqual([]);
    },
    120_000,
  );

  whereInstalled(
    'names its health check in the format of Docker',
    async () => {
      const { Docker } = JSON.parse(
        await buildah('docker', 'inspect', '--type', 'image', await build('mock', 'docker', 'docker')),
      );
      expect(Docker.config.Healthcheck.Test).toEqual(['CMD', ...command, 'health']);
    },
    60_000,
  );
});
