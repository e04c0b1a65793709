// What the runtimes themselves make of the variables and files.
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { assert, constantFrom, property, string } from 'fast-check';
import { javaTrustStore } from '../../src/intercept/child/java-trust-store.ts';
import { quoteOption } from '../../src/intercept/child/start-up.ts';
import { run, type Ended } from '../support/command.ts';
import { host, startChildWorld, type ChildWorld } from '../support/child-world.ts';
import { hasJava, javaProgram, startQuickly } from '../support/java.ts';
import { isLong, runs } from '../support/runs.ts';
import { nodes } from '../support/nodes.ts';
import { makeTestAuthority } from '../support/test-authority.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const url = `https://${host}/api/v1/equipe/doctors`;
const inLong = isLong ? test : test.skip;
const withJava = hasJava ? test : test.skip;
/** The programs with Java show in each run that it trusts the bundle. */
const withJavaInLong = hasJava && isLong ? test : test.skip;

let world: ChildWorld;
beforeAll(async () => {
  world = await startChildWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

/** Runs a command with this environment and nothing else. */
function runWith(env: Readonly<Record<string, string>>, command: string, ...args: string[]): Promise<Ended> {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return run('env', ['-i', ...variables, command, ...args]);
}

/** What a program prints on stdout, which says nothing on stderr. */
async function runNode(node: string, program: string, env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout, stderr } = await runWith(env, node, '--input-type=module', '-e', program);
  expect(stderr).toBe('');
  return stdout;
}

describe('options with odd characters arrive as they are', () => {
  const odd = string({ unit: constantFrom('a', ' ', '"', "'", '\\', '/', 'é', '$'), minLength: 1, maxLength: 100 });

  test('in NODE_OPTIONS', () => {
    const holds = (title: string): void => {
      const env = { NODE_OPTIONS: `--no-warnings ${quoteOption(`--title=x${title}`, 'node')} --no-deprecation` };
      // A title is cut to the length of the command line.
      const args = ['-p', 'process.title', 'x'.repeat(200)];
      expect(execFileSync(process.execPath, args, { env, encoding: 'utf8' })).toBe(`x${title}\n`);
    };
    assert(property(odd, holds), { numRuns: runs(2, 15) });
  });

  withJava('in JAVA_TOOL_OPTIONS (needs java)', () => {
    const holds = (value: string): void => {
      const option = quoteOption(`-Dodd.property=x${value}y`, 'java');
      const env = { JAVA_TOOL_OPTIONS: `-Da=b ${option} -Dc=d`, PATH: process.env['PATH'] };
      const args = [...startQuickly, '-Dsun.stdout.encoding=UTF-8', '-XshowSettings:properties', '-version'];
      const { stderr } = spawnSync('java', args, { env, encoding: 'utf8' });
      expect(stderr).toContain(`odd.property = x${value}y\n`);
    };
    assert(
      property(
        odd.filter((each) => !each.includes('é')),
        holds,
      ),
      { numRuns: runs(1, 8) },
    );
  });
});

describe('Java', () => {
  withJavaInLong(
    'finds each certificate of the bundle in its trust store, with or without a password (needs keytool)',
    async () => {
      const made = await Promise.all(['One', 'Two'].map((name) => makeTestAuthority([host], name)));
      await using folder = await temporaryFolder();
      using prepared = world.prepare({
        parent: folder.path,
        authority: made.map(({ authority }) => authority).join(''),
      });
      const count = readFileSync(join(prepared.folder, 'trust.pem'), 'utf8').split('BEGIN CERTIFICATE').length - 1;
      for (const password of ['', 'changeit']) {
        const store = ['-keystore', join(prepared.folder, 'trust.p12'), '-storepass', password];
        const args = ['-list', ...store, ...startQuickly.map((option) => `-J${option}`)];
        const listed = execFileSync('keytool', args, { encoding: 'utf8' });
        expect(listed).toContain(`contains ${count} entries`);
        expect(listed.match(/trustedCertEntry/g)).toHaveLength(count);
      }
    },
  );

  test('is not the only one that reads it: openssl does', async () => {
    const { authority } = await makeTestAuthority([host], 'Another authority');
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'trust.p12');
    await writeFile(path, javaTrustStore([authority]));
    const args = ['pkcs12', '-in', path, '-nokeys', '-nomacver', '-passin', 'pass:'];
    expect(execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' })).toContain(authority.trim());
  });
});

// The clients' tests run each Node in the short run too.
describe.each(isLong ? nodes : nodes.slice(-1))('Node $version at $path', ({ path: node }) => {
  /** Does in turn what most of the tests below are about. */
  const inTurn = `
    import { once } from 'node:events';
    import { connect as connectHttp2 } from 'node:http2';
    import { Agent, get } from 'node:https';
    import { createServer, connect as connectRaw } from 'node:net';
    import { connect } from 'node:tls';

    const socket = connect(443, '${host}', { servername: '${host}' });
    await once(socket, 'secureConnect');
    const tls = [socket.authorized, socket.getPeerCertificate().subject.CN];
    socket.destroy();
    const http2 = await new Promise((resolve) => connectHttp2('https://${host}').on('error', ({ code }) => resolve(code)));

    const request = get('https://other.example/', { agent: new Agent() });
    const refusal = await new Promise((resolve) => request.on('error', ({ code, message }) => resolve([code, message])));

    let reached = 0;
    const server = createServer((other) => { reached += 1; other.destroy(); }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    const locals = [
      { port, host: '127.0.0.1', ALPNProtocols: ['http/1.1'] },
      { socket: connectRaw(port, '127.0.0.1'), port: 443, host: 'x.example' },
    ];
    await Promise.all(locals.map((each) => new Promise((resolve) => connect(each).on('error', () => {}).on('close', resolve))));
    server.close();

    await (await fetch('${url}')).text();
    const agent = new Agent({ keepAlive: true });
    let end = 'at once';
    agent.on('free', (socket) => socket.on('close', () => (end = 'late')));
    await new Promise((resolve) => get('${url}', { agent }, (answer) => answer.resume().on('end', resolve)));
    process.on('exit', () => console.log(JSON.stringify({ tls, http2, refusal, reached, end })));`;
  let report: Record<string, unknown>;
  let seen: string[];
  beforeAll(async () => {
    await using folder = await temporaryFolder();
    using prepared = world.prepare({ parent: folder.path });
    const before = world.proxy.seen.length;
    report = JSON.parse(await runNode(node, inTurn, prepared.env));
    seen = world.proxy.seen.slice(before);
  });

  test('ends as soon as its program has, though connections are kept', () => {
    expect(report['end']).toBe('at once');
    expect(seen.filter((each) => each === `GET ${url}`)).toHaveLength(2);
  });

  test('gets there by tls.connect() as it was imported, and by http2 above it', () => {
    expect(report['tls']).toEqual([true, host]);
    // The proxy of these tests does not speak HTTP/2; that it says so shows that it was asked.
    expect(report['http2']).toBe('ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL');
  });

  test('says what the proxy said, where that refuses', () => {
    expect(report['refusal']).toEqual([
      'ERR_PROXY_TUNNEL',
      `No tunnel to other.example:443 through the proxy ${world.proxy.url}: HTTP/1.1 403 Forbidden`,
    ]);
  });

  test('reaches a server of this machine, and one behind a socket of its own, without the proxy', () => {
    expect(report['reached']).toBe(2);
    const others = seen.filter((each) => ![`CONNECT ${host}:443`, `GET ${url}`].includes(each));
    expect(others).toEqual(['CONNECT other.example:443']);
  });

  inLong('says so where the proxy is gone', async () => {
    await using folder = await temporaryFolder();
    using prepared = world.prepare({ parent: folder.path, proxy: 'http://127.0.0.1:1' });
    const program = `
      import { Agent, get } from 'node:https';
      get('${url}', { agent: new Agent() }).on('error', ({ code, message }) => console.log(code, message));`;
    expect(await runNode(node, program, prepared.env)).toMatch(
      /^ERR_PROXY_TUNNEL .*: connect ECONNREFUSED 127\.0\.0\.1:1\n$/,
    );
  });

  test('does nothing of this where no proxy is set any more', async () => {
    await using folder = await temporaryFolder();
    using prepared = world.prepare({ parent: folder.path });
    const { HTTPS_PROXY: _, https_proxy: __, ...env } = prepared.env;
    const program = `import tls from 'node:tls'; console.log(tls.connect.name, Object.getOwnPropertySymbols(tls).length);`;
    expect(await runNode(node, program, env)).toBe('connect 0\n');
  });

  inLong('leaves a process.emit() be that its program has put in place', async () => {
    await using folder = await temporaryFolder();
    using prepared = world.prepare({ parent: folder.path });
    // As signal-exit does, on which many command lines stand.
    await writeFile(
      join(folder.path, 'program.cjs'),
      `const { emit } = process;
      process.emit = function own(...args) { return emit.apply(this, args); };
      setTimeout(() => console.log(process.emit.name), 1);`,
    );
    const { stdout } = await runWith(prepared.env, node, join(folder.path, 'program.cjs'));
    expect(stdout).toBe('own\n');
  });

  test('still checks certificates', async () => {
    await using folder = await temporaryFolder();
    const { authority } = await makeTestAuthority([host], 'Another authority');
    using prepared = world.prepare({ parent: folder.path, authority });
    const program = `await fetch('${url}').catch(({ cause }) => console.log(cause.code));`;
    expect(await runNode(node, program, prepared.env)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE\n');
  });
});

describe('an exec inside another', () => {
  const [node, fetched] = [process.execPath, `fetch('${url}').then(({ status }) => console.log(status))`];
  const php = `$c = curl_init('${url}'); curl_exec($c); echo curl_getinfo($c)['http_code'];`;
  const commands: { name: string; command: string[]; isThere: boolean }[] = [
    { name: 'Node', command: [node, '-e', fetched], isThere: true },
    { name: 'curl', command: ['curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}', url], isThere: isHere('curl') },
    { name: 'PHP', command: ['php', '-r', php], isThere: isLong && isHere('php') },
    { name: 'Java', command: javaProgram('HttpClientDoctors'), isThere: hasJava && isLong },
  ];
  let inner: ChildWorld;
  beforeAll(async () => {
    inner = await startChildWorld();
  });
  afterAll(async () => {
    await inner[Symbol.asyncDispose]();
  });

  for (const { name, command, isThere } of commands) {
    (isThere ? test : test.skip)(`meets the mock of the inner one, with ${name}`, async () => {
      await using folder = await temporaryFolder();
      using around = world.prepare({ parent: folder.path });
      using within = inner.prepare({ parent: folder.path, inherited: around.env });
      const before = [world, inner].map(({ proxy }) => proxy.seen.length);
      const [program = '', ...args] = command;
      expect((await runWith(within.env, program, ...args)).stdout).toMatch(/401|Dr\. Marco Bianchi/);
      const [outside, inside] = [world, inner].map(({ proxy }, at) => proxy.seen.slice(before[at]));
      expect(inside).toContain(`GET ${url}`);
      expect(outside).toEqual([]);
    });
  }
});

function canImport(module: string): boolean {
  return (
    spawnSync('/usr/bin/python3', ['-c', `import importlib.util; importlib.util.find_spec('${module}').name`])
      .status === 0
  );
}

function isHere(command: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$0"', command]).status === 0;
}

describe('a start-up file', () => {
  const inherited = (folder: string): Record<string, string | undefined> => ({
    PATH: process.env['PATH'],
    PYTHONPATH: folder,
    PHP_INI_SCAN_DIR: `:${folder}`,
  });

  test('of Node stays where a script sets NODE_OPTIONS anew, and where a shebang starts it', async () => {
    await using folder = await temporaryFolder({
      program: `#!/usr/bin/env node\nconsole.log(process.env.NODE_OPTIONS, require('tls').connect.length);\n`,
    });
    await chmod(`${folder.path}/program`, 0o755);
    using prepared = world.prepare({ parent: folder.path });
    const script = `NODE_OPTIONS=--no-warnings ${folder.path}/program`;
    const { stdout } = await runWith(prepared.env, 'sh', '-c', script);
    expect(stdout).toBe(`--no-warnings --require=${prepared.folder}/startup/node-preload.cjs 0\n`);
  });

  test('of Node has it trust the mock where a script names other authorities, or a program pins them', async () => {
    const { authority } = await makeTestAuthority(['localhost']);
    await using folder = await temporaryFolder({ 'own.pem': authority });
    using prepared = world.prepare({ parent: folder.path });
    const own = `${folder.path}/own.pem`;
    const program = `
      const { Agent, get } = require('node:https');
      const told = ({ statusCode, message }) => console.log(statusCode ?? message);
      fetch('${url}').then(({ status }) => told({ statusCode: status }), ({ cause }) => told(cause));
      const agent = new Agent({ ca: require('node:fs').readFileSync('${own}') });
      get('${url}', { agent }, (answer) => told(answer.resume())).on('error', told);`;
    const env = { ...prepared.env, NODE_EXTRA_CA_CERTS: own };
    expect((await runWith(env, process.execPath, '-e', program)).stdout).toBe('401\n401\n');
  });

  test('of Node leaves descriptors, arguments and the exit code be', async () => {
    await using folder = await temporaryFolder();
    using prepared = world.prepare({ parent: folder.path });
    const script = `exec 5>&1; node -e 'require("fs").writeSync(5, process.argv[1]); process.exit(7)' 'a  *b'`;
    expect(await runWith(prepared.env, 'sh', '-c', script)).toEqual({ code: 7, stdout: 'a  *b', stderr: '' });
  });

  const withPython = isHere('/usr/bin/python3') ? test : test.skip;
  withPython('of Python runs the sitecustomize that it stands before, and is not to be seen', async () => {
    await using folder = await temporaryFolder({ 'sitecustomize.py': 'import sys\nsys.own = "own"\n' });
    using prepared = world.prepare({ parent: folder.path, inherited: inherited(folder.path) });
    const program = `import sys; print(sys.own, [path for path in sys.path if "arzamed-exec" in path], "socket" in sys.modules)`;
    const { stdout } = await runWith(prepared.env, '/usr/bin/python3', '-c', program);
    expect(stdout).toBe('own [] False\n');
  });

  withPython('of Python stays where a script sets PYTHONPATH and SSL_CERT_FILE anew', async () => {
    await using folder = await temporaryFolder({ 'empty.pem': '' });
    using prepared = world.prepare({ parent: folder.path, inherited: { PATH: '/usr/bin:/bin' } });
    const program = `import http.client
connection = http.client.HTTPSConnection("${host}")
connection.request("GET", "/api/v1/equipe/doctors")
print(connection.getresponse().status)`;
    const script = `PYTHONPATH=src SSL_CERT_FILE=${folder.path}/empty.pem python3 -c "$0"`;
    expect(await runWith(prepared.env, 'sh', '-c', script, program)).toMatchObject({ stdout: '401\n' });
  });

  const withRequests = canImport('requests') ? test : test.skip;
  const withRequestsInLong = isLong ? withRequests : test.skip;
  withRequests("of Python leaves the session's own authority, and its lack of checks, to requests", async () => {
    const { authority, certificate, key } = await makeTestAuthority(['localhost']);
    await using folder = await temporaryFolder({ 'own.pem': authority });
    const server = createServer({ cert: certificate, key }, (_request, response) => response.end('own'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    using prepared = world.prepare({ parent: folder.path, inherited: inherited(folder.path) });
    const program = `
import requests, sys
requests.packages.urllib3.disable_warnings()
for verify in (False, sys.argv[2]):
    session = requests.Session()
    session.verify = verify
    print(session.get(sys.argv[1]).text)
`;
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const args = ['-c', program, `https://localhost:${port}/`, `${folder.path}/own.pem`];
    const { stdout } = await runWith(prepared.env, '/usr/bin/python3', ...args);
    server.close();
    expect(stdout).toBe('own\nown\n');
  });

  withRequestsInLong('of Python tells requests of a connection that breaks as it would without a proxy', async () => {
    await using folder = await temporaryFolder();
    using prepared = world.prepare({ parent: folder.path });
    world.mock.faults.add({ operationId: 'listDoctors', delivery: 'reset', count: 1 });
    const program = `
import requests, sys
try: requests.get(sys.argv[1])
except Exception as error: print(type(error).__name__)
`;
    const { stdout } = await runWith(prepared.env, '/usr/bin/python3', '-c', program, url);
    expect(stdout).toBe('ConnectionError\n');
  });

  withRequestsInLong('of Python leaves requests its proxy where sockets are replaced, as gevent does', async () => {
    await using folder = await temporaryFolder();
    using prepared = world.prepare({ parent: folder.path });
    const program = `
import socket, _socket
class Green(socket.socket):
    def connect(self, address): return _socket.socket.connect(self, address)
socket.socket = Green
import requests
print(requests.get("${url}", timeout=20).status_code)
`;
    expect(await runWith(prepared.env, '/usr/bin/python3', '-c', program)).toMatchObject({ stdout: '401\n' });
  });

  (isLong && isHere('php') ? test : test.skip)(
    'of PHP runs the file that it stands before, in a folder of any name',
    async () => {
      await using folder = await temporaryFolder({
        'own.php': '<?php echo "own ";',
        'program.php': '<?php echo ini_get("openssl.cafile"), "\\n"; print_r(array_keys(get_defined_vars()));',
        'o"d ${HOME} \\x/.keep': '',
      });
      await writeFile(`${folder.path}/own.ini`, `auto_prepend_file=${folder.path}/own.php\n`);
      using prepared = world.prepare({ parent: `${folder.path}/o"d \${HOME} \\x`, inherited: inherited(folder.path) });
      const { stdout } = await runWith(prepared.env, 'php', `${folder.path}/program.php`);
      expect(stdout.split('\n')[0]).toBe(`own ${prepared.folder}/trust.pem`);
      expect(stdout).not.toContain('arzamed]');
    },
  );
});
