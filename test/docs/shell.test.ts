// Every example of the documentation that is no TypeScript, done as a reader would: shell lines run in a shell, clinics
// played, messages provoked.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startMock, type Mock } from '../../src/mock/index.ts';
import { rules } from '../../src/mock/findings/rules.ts';
import { run } from '../support/command.ts';
import { arzamedHere, arzamedIn } from '../support/in-process.ts';
import { isLong } from '../support/runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { argumentsIn, documents, textsIn } from './blocks.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock.close());

function atMock(text: string): string {
  return text.replaceAll('http://127.0.0.1:4010', mock.url);
}

/** Lines without the width of columns, and without times. */
function linesIn(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim().replaceAll(/ +/g, ' '));
  return lines.map((line) => line.replace(/^[\d:.]+Z /, '').replace(/ \([\d.]+ s\)/, '')).filter(Boolean);
}

describe('an example for the shell', () => {
  test('gets the doctors by the quickstart of the README', async () => {
    const quickstart = textsIn('sh').find((text) => text.startsWith('TOKEN='));
    const { stdout } = await run('sh', ['-ec', atMock(quickstart ?? '')]);
    expect(JSON.parse(stdout)).toHaveLength(3);
  });

  test('provokes what the README says, and leaves the mock as it was', async () => {
    const provoke = textsIn('sh').find((text) => text.includes('/_mock/clock/advance'));
    const before = mock.clinics;
    const { code, stderr } = await run('sh', [
      '-ec',
      atMock((provoke ?? '').replaceAll('curl -sS', 'curl -sS --fail')),
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(mock.clinics).toEqual(before);
  });

  test('makes a key and sets the clock', async () => {
    const control = textsIn('sh').find((text) => text.includes('/_mock/keys -d'));
    const { stdout } = await run('sh', ['-ec', atMock((control ?? '').replaceAll('curl -sS', 'curl -sS --fail'))]);
    expect(stdout).toContain('"now":"2030-01-02T02:03:0');
    mock.reset();
  });

  test('reads the journal', async () => {
    await fetch(`${mock.baseUrl}/equipe/doctors`);
    const journal = textsIn('sh').find((text) => text.includes('/_mock/journal?'));
    const { stdout } = await run('sh', ['-ec', atMock(journal ?? '')]);
    expect(JSON.parse(stdout)).toMatchObject({ entries: [{ status: 401, reason: 'missing_token' }], dropped: 0 });
  });

  // So does test/acceptance/exec.test.ts.
  (isLong ? test : test.skip)(
    'runs unmodified programs against the mock',
    async () => {
      await using folder = await temporaryFolder({
        'package.json': '{"scripts":{"test":"sh sample.sh"}}',
        'sample.sh': await readFile('test/clients/programs/curl.sh', 'utf8'),
        'docs/examples/sample.mjs': await readFile('docs/examples/sample.mjs', 'utf8'),
        'docs/examples/sample.py': await readFile('docs/examples/sample.py', 'utf8'),
        'sample.mjs': await readFile('docs/examples/sample.mjs', 'utf8'),
        'sync.py': 'print("done")',
      });
      const examples = textsIn('sh').filter((text) => text.startsWith('npx arzamed exec'));
      expect(examples).toHaveLength(2);
      for (const args of (await Promise.all(examples.map(argumentsIn))).flat()) {
        const program = args.indexOf('--') + 1;
        const silently = ['sh', '-c', 'exec "$@" > printed 2>&1', 'sh', ...args.slice(program)];
        const ended = await arzamedIn(folder.path, ...args.slice(0, program), ...silently);
        expect({ args, ...ended }).toMatchObject({ args, code: 0 });
      }
    },
    60_000,
  );

  // Checks of a sample take seconds, and test/certify has them.
  (isLong ? test : test.skip)(
    'shows what certify says of a sample',
    async () => {
      const [command = '', ...shown] = textsIn('text')
        .filter((text) => text.startsWith('$ npx arzamed certify'))
        .flatMap(linesIn);
      const [[name = '', ...args] = []] = await argumentsIn(command.replace('$ ', ''));
      const said = linesIn((await arzamedHere(name, '--jobs', '2', ...args)).stdout);
      expect(shown).toHaveLength(16);
      expect(shown.filter((line) => !said.includes(line))).toEqual([]);
    },
    60_000,
  );

  // The same commands are tried by the tests of `diff`, `verify` and docs/ci.md.
  (isLong ? test : test.skip)(
    'compares specifications, and verifies',
    async () => {
      const examples = textsIn('sh').filter((text) => /^npx arzamed (diff|verify)(?! --broker)/.test(text));
      expect(examples).toHaveLength(3);
      await using folder = await temporaryFolder();
      for (const text of examples) {
        for (const args of await argumentsIn(text.replaceAll('--report ', `--report ${folder.path}/`))) {
          expect({ args, ...(await arzamedHere(...args)) }).toMatchObject({ args, code: 0 });
        }
      }
    },
    60_000,
  );

  test('asks a broker, which has to answer', async () => {
    const example = textsIn('sh').find((text) => text.includes('--broker-url')) ?? '';
    const [args = []] = await argumentsIn(example.replace('https://broker.example.com', 'http://127.0.0.1:1'));
    const { code, stderr } = await arzamedHere(...args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('it does not answer') });
  });

  test('sets a fault', async () => {
    const fault = textsIn('sh').find((text) => text.includes('"Retry-After"'));
    const { stdout } = await run('sh', ['-ec', atMock(fault ?? '')]);
    expect(JSON.parse(stdout)).toMatchObject({ id: expect.any(String), count: 2 });
    mock.faults.clear();
  });

  test('reads journal and findings', async () => {
    await fetch(`${mock.baseUrl}/equipe/doctors?access_token=x`);
    const read = textsIn('sh').find((text) => text.includes('/_mock/journal '));
    const { stdout } = await run('sh', ['-ec', atMock(read ?? '')]);
    expect(stdout).toContain('"reason":"missing_token"');
    expect(stdout).toContain('"id":"credentials-in-query"');
    const { stdout: again } = await run('sh', [
      '-ec',
      atMock(textsIn('sh').find((text) => text.endsWith('/findings\n')) ?? ''),
    ]);
    expect(JSON.parse(again)).toMatchObject({ findings: [{ id: 'credentials-in-query' }] });
    mock.reset();
  });

  test('makes a sandbox', async () => {
    const make = textsIn('sh').find((text) => text.includes('/_mock/sandboxes'));
    const { stdout } = await run('sh', ['-ec', atMock(make ?? '')]);
    expect(JSON.parse(stdout)).toMatchObject({ url: expect.stringContaining('/s/'), clinics: expect.any(Array) });
  });

  test('prefers a status, with the token of the quickstart', async () => {
    const quickstart = textsIn('sh').find((text) => text.startsWith('TOKEN='));
    const prefer = textsIn('sh').find((text) => text.includes('Prefer: code=503'));
    const { stdout } = await run('sh', ['-ec', atMock(`${quickstart?.split('\n\n')[0]}\n${prefer}`)]);
    expect(JSON.parse(stdout)).toEqual({ message: 'The service is temporarily unavailable.' });
  });

  test('sets a provider state', async () => {
    const state = textsIn('sh').find((text) => text.includes('provider-states'));
    const { stdout } = await run('sh', ['-ec', atMock(state ?? '')]);
    expect(JSON.parse(stdout)).toMatchObject({ clientId: 'bianchi-revoked' });
  });

  test('names only commands and scripts that exist', async () => {
    const { scripts }: { scripts: object } = JSON.parse(await readFile('package.json', 'utf8'));
    const texts = await Promise.all([...documents, 'CONTRIBUTING.md'].map((document) => readFile(document, 'utf8')));
    const named = texts.join('\n').matchAll(/npm (?:run ([\w:]+)|(start|test))/g);
    for (const [, script, short] of named) expect(Object.keys(scripts)).toContain(script ?? short);
  });
});

describe('the example of a clinic', () => {
  const clinic = textsIn('yaml').find((text) => text.includes('keys:')) ?? '';

  test('can be played', async () => {
    await using folder = await temporaryFolder({ 'rossi.yaml': clinic });
    await using played = await startMock({ clinics: folder.path });
    expect(played.clinics).toMatchObject([{ clinic: 'rossi', keys: [{ status: 'active' }, { status: 'expired' }] }]);
  });

  test('gives the message that is shown, with the mistake that is shown', async () => {
    await using folder = await temporaryFolder({
      'my-clinics/rossi.yaml': clinic.replace('profileImage: null', 'profileImage: 42'),
    });
    const { stderr } = await arzamedHere('mock', '--port', '0', '--clinics', join(folder.path, 'my-clinics'));
    expect(stderr.replace(`${folder.path}/`, '')).toBe(textsIn('text').find((text) => text.includes('my-clinics/')));
  });
});

test('the example of collections can be played', async () => {
  const clinic = textsIn('yaml').find((text) => text.includes('collections:')) ?? '';
  const item = { type: 'object', properties: { id: { type: 'string' }, code: { type: 'string' } } };
  const answer = (schema: object): object => ({
    get: { responses: { 200: { description: 'OK', content: { 'application/json': { schema } } } } },
  });
  const collection = (path: string): object => ({
    [path]: answer({ type: 'array', items: item }),
    [`${path}/{id}`]: answer(item),
  });
  const paths = { ...collection('/parcels'), ...collection('/depots/{depotId}/shelves') };
  const spec = { openapi: '3.1.0', info: { title: 'Parcels', version: '1' }, paths };
  await using folder = await temporaryFolder({ 'spec.json': JSON.stringify(spec), 'accounts/rossi.yaml': clinic });
  await using played = await startMock({
    spec: join(folder.path, 'spec.json'),
    clinics: join(folder.path, 'accounts'),
  });
  const bodies = ['/parcels', '/depots/D1/shelves/S1'].map(async (path) => (await fetch(played.url + path)).json());
  expect(await Promise.all(bodies)).toEqual([
    [
      { id: 'P1', state: 'sent' },
      { id: 'P2', state: 'delivered' },
    ],
    { code: 'S1' },
  ]);
});

test('docs/findings.md lists the rules that there are, with their severity', async () => {
  const text = await readFile('docs/findings.md', 'utf8');
  const rows = [...text.matchAll(/^\| `([\w-]+)` +\| (\w+) /gm)].map(([, id, severity]) => ({ id, severity }));
  expect(rows).toEqual(expect.arrayContaining(rules.map(({ id, severity }) => ({ id, severity }))));
  expect(rows).toHaveLength(rules.length);
});
