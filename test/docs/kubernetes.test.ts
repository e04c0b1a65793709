// docs/examples/kubernetes.yaml by the types that the schemas of Kubernetes give, and a mock that is started as it says: in
// `npm run test:long`.
import { createConnection } from 'node:net';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { isList, parseObject, textAt, valueAt } from '../../src/util/json.ts';
import { startArzamedWith } from '../support/command.ts';
import { compile } from '../support/compile.ts';
import { freePort } from '../support/free-port.ts';
import { hasRedis, startRedis } from '../support/redis.ts';
import { isLong } from '../support/runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const text = await readFile('docs/examples/kubernetes.yaml', 'utf8');
const when = isLong ? test : test.skip;
const whenInstalled = isLong && hasRedis ? test : test.skip;

function objectsIn(manifest: string): Record<string, unknown>[] {
  return parseAllDocuments(manifest).map((each) => parseObject(JSON.stringify(each)) ?? {});
}

/** What the compiler says of objects that are checked as those of their kind, in which no other field may be. */
async function mistakesIn(manifest: string): Promise<string> {
  await using folder = await temporaryFolder();
  const lines = objectsIn(manifest).map((each, index) => {
    const [version, kind] = [textAt(each, 'apiVersion') ?? '', textAt(each, 'kind')];
    const file = resolve('node_modules/kubernetes-types', version.includes('/') ? version : `core/${version}`);
    return `export const object${index}: import('${file}').${kind} = ${JSON.stringify(each)};`;
  });
  const compilerOptions = { strict: true, noEmit: true, types: [], module: 'preserve', skipLibCheck: true };
  await writeFile(join(folder.path, 'tsconfig.json'), JSON.stringify({ files: ['manifest.ts'], compilerOptions }));
  await writeFile(join(folder.path, 'manifest.ts'), lines.join('\n'));
  return compile(folder.path);
}

describe('the manifest for Kubernetes', () => {
  when('follows the schemas of its objects', async () => {
    expect(await mistakesIn(text)).toBe('');
  });

  when.each([
    ['readinessProbe', 'readinesProbe', '"readinesProbe"'],
    ['containerPort: 4010', 'containerPort: http', "Type 'string' is not assignable to type 'number'"],
    ['matchLabels', 'labels', '"labels"'],
    ['name: mock\n', 'title: mock\n', '"title"'],
    ['kind: Service', 'kind: Servic', "has no exported member 'Servic'"],
  ])('would not with a mistake: %j as %j', async (right, wrong, mistake) => {
    expect(text).toContain(right);
    expect(await mistakesIn(text.replace(right, wrong))).toContain(mistake);
  });

  when('leads each service to the port of a container', () => {
    const objects = objectsIn(text);
    const pods = objects.map((each) => valueAt(each, ['spec', 'template']));
    const services = objects.filter((each) => textAt(each, 'kind') === 'Service');
    expect(services).toHaveLength(2);
    for (const { spec } of services) {
      const app = valueAt(spec, ['selector', 'app']);
      const pod = pods.find((each) => valueAt(each, ['metadata', 'labels', 'app']) === app);
      const port = valueAt(pod, ['spec', 'containers', '0', 'ports', '0', 'containerPort']);
      expect(port).toEqual(expect.any(Number));
      expect(port).toBe(valueAt(spec, ['ports', '0', 'port']));
    }
  });

  whenInstalled(
    'starts mocks that are ready as long as their store is there, live without it, and end in time',
    async () => {
      const password = 'not-a-secret';
      const redis = await startRedis(undefined, '--requirepass', password);
      const container = valueAt(objectsIn(text)[0], ['spec', 'template', 'spec', 'containers', '0']);
      const args = valueAt(container, ['args']);
      const variables = valueAt(container, ['env']);
      if (!isList(args) || !isList(variables)) throw new Error('There are no arguments or variables.');
      const named = variables.map((each) => {
        const key = valueAt(each, ['valueFrom', 'secretKeyRef', 'key']);
        return [textAt(each, 'name') ?? '', key === 'store' ? password : key === 'control' ? 'TOKEN' : redis.url];
      });
      const port = await freePort();
      const words = [...args.map(String), '--port', String(port)];
      const mock = await startArzamedWith(Object.fromEntries(named), /Try it/, ...words);
      const probe = String(valueAt(container, ['readinessProbe', 'httpGet', 'path']));
      // A probe calls the address of the pod.
      const isReady = async (): Promise<number> => {
        const { status } = await fetch(`http://127.0.0.1:${port}${probe}`);
        return status;
      };
      expect(await isReady()).toBe(200);
      await redis[Symbol.asyncDispose]();
      while ((await isReady()) !== 503) await wait(20);
      const socket = createConnection(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.destroy();
      const began = performance.now();
      expect(await mock.stop('SIGTERM')).toMatchObject({ code: 0 });
      expect(performance.now() - began).toBeLessThan(3000);
    },
  );
});
