import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { prepareChild, type ChildOptions, type PreparedChild } from '../../src/intercept/child/prepare.ts';
import { thisMachine } from '../../src/intercept/machine.ts';
import { inheritedProxies } from '../../src/intercept/upstream.ts';
import { makeTestAuthority } from '../support/test-authority.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

const names = ['The mock', 'One', 'Two', 'Three'];
const made = await Promise.all(names.map((name) => makeTestAuthority(['api.example.com'], name)));
const [authority = '', one = '', two = '', three = ''] = made.map(({ authority }) => authority);
const credentials = {
  tokenUrl: 'http://127.0.0.1:1/token',
  clientId: 'id',
  clientSecret: 'secret',
  baseUrl: 'http://b',
};
const host = 'api.example.com';
const machine = thisMachine({
  name: 'workshop',
  addresses: ['127.0.0.1', '192.0.2.7', '2001:db8::7'],
  hostsFile: '127.0.0.1 own.test',
});
const nodeFolder = dirname(process.execPath);
const loopback = 'localhost,127.0.0.1,::1,0.0.0.0,192.0.2.7';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder({
    'one.pem': `# of the company\n${one}\n`,
    'two.pem': `-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n${two}`,
    wgetrc: 'tries = 7\n',
    'several/a.crt': three,
    'several/b.txt': 'no certificate',
  });
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

function prepare(inherited: Record<string, string> = {}, options: Partial<ChildOptions> = {}): PreparedChild {
  const common = {
    proxy: 'http://127.0.0.1:4321/',
    hosts: [host],
    credentials,
    authority,
    parent: folder.path,
    machine,
  };
  return prepareChild({ ...common, inherited, ...options });
}

/** The variables of a child, whose files are gone already. */
function variablesOf(
  inherited: Record<string, string> = {},
  options: Partial<ChildOptions> = {},
): Record<string, string> {
  using prepared = prepare(inherited, options);
  return { ...prepared.env };
}

/** What is in the file that a variable of a child names. */
function fileOf(name: string, inherited: Record<string, string>): string {
  using prepared = prepare(inherited);
  return readFileSync(prepared.env[name] ?? '', 'utf8');
}

describe('the way to the mock', () => {
  test('is the proxy, in both cases of its variables', () => {
    const proxy = 'http://127.0.0.1:4321';
    expect(variablesOf()).toMatchObject({
      HTTPS_PROXY: proxy,
      https_proxy: proxy,
      HTTP_PROXY: proxy,
      http_proxy: proxy,
    });
  });

  test('is not passed by through an inherited ALL_PROXY or NO_PROXY', () => {
    const env = variablesOf({ ALL_PROXY: 'socks5://a', all_proxy: 'socks5://a', NO_PROXY: '*', no_proxy: host });
    expect([env['ALL_PROXY'], env['all_proxy']]).toEqual([undefined, undefined]);
    expect([env['NO_PROXY'], env['no_proxy']]).toEqual([loopback, loopback]);
  });

  test('leaves NO_PROXY what it had for other hosts, where other hosts may be reached', () => {
    const env = variablesOf(
      { NO_PROXY: 'intern.example, .corp', no_proxy: '10.0.0.0/8 .corp' },
      { allowNetwork: true },
    );
    expect(env['NO_PROXY']).toBe(`${loopback},intern.example,.corp,10.0.0.0/8`);
    expect(env['no_proxy']).toBe(env['NO_PROXY']);
  });

  test('leaves NO_PROXY what it had for this machine', () => {
    using prepared = prepare({ NO_PROXY: 'workshop, .own.test:8080 127.0.0.0/8 [::1] 192.0.2.7' });
    expect(prepared.env['NO_PROXY']).toBe(`${loopback},workshop,.own.test:8080,127.0.0.0/8`);
    expect(prepared.notes).toEqual([]);
  });

  test('tells of entries of NO_PROXY that cannot stay, and why', () => {
    using offline = prepare({ NO_PROXY: 'intern.example', no_proxy: 'localhost .corp' });
    expect(offline.notes).toEqual([
      'NO_PROXY names intern.example, .corp: ignored, since other hosts are refused; allow them with --allow-network.',
    ]);
    using online = prepare({ NO_PROXY: `.corp,${host}` }, { allowNetwork: true });
    expect(online.notes).toEqual([`NO_PROXY names ${host}: ignored, since they match intercepted hosts.`]);
  });

  for (const entry of [
    '*',
    host,
    'API.Example.com',
    '.example.com',
    'example.com',
    '*.com',
    `${host}:443`,
    'ple.com',
    '.',
  ]) {
    test(`is not passed by through the entry ${entry} of NO_PROXY, even where other hosts may be reached`, () => {
      expect(variablesOf({ NO_PROXY: entry }, { allowNetwork: true })['NO_PROXY']).toBe(loopback);
    });
  }

  describe('can go on through the proxies that were inherited, as curl reads them', () => {
    const via = (inherited: Record<string, string>, scheme: 'http' | 'https', to = 'a.test'): string | undefined =>
      inheritedProxies(inherited, machine).proxyFor(scheme, to)?.host;

    test.each<[Record<string, string>, string | undefined, string | undefined]>([
      [{}, undefined, undefined],
      [{ https_proxy: 'http://one:1', HTTPS_PROXY: 'http://two:2', ALL_PROXY: 'http://c:3' }, 'c:3', 'one:1'],
      [{ http_proxy: 'http://one:1' }, 'one:1', undefined],
      [{ HTTP_PROXY: 'http://one:1' }, 'one:1', undefined],
      [{ https_proxy: '', all_proxy: 'http://one:1' }, 'one:1', 'one:1'],
      [{ all_proxy: '127.0.0.1:3128' }, '127.0.0.1:3128', '127.0.0.1:3128'],
      [{ all_proxy: 'localhost:3128' }, 'localhost:3128', 'localhost:3128'],
      [{ all_proxy: 'user:pass@proxy:3128' }, 'proxy:3128', 'proxy:3128'],
      [{ all_proxy: 'proxy' }, 'proxy:1080', 'proxy:1080'],
      [{ all_proxy: 'http://u:1@proxy/' }, 'proxy:1080', 'proxy:1080'],
      [{ all_proxy: 'HTTP://proxy:80' }, 'proxy', 'proxy'],
      [{ all_proxy: 'https://proxy' }, 'proxy', 'proxy'],
    ])('%j', (inherited, http, https) => {
      expect([via(inherited, 'http'), via(inherited, 'https')]).toEqual([http, https]);
    });

    test.each(['a.test', 'sub.a.test', 'own.test', '192.0.2.7', 'localhost'])('but not to %s', (to) => {
      const inherited = { all_proxy: 'http://one:1', NO_PROXY: '.a.test:443' };
      expect(via(inherited, 'https', to)).toBeUndefined();
      expect(via(inherited, 'https', 'xa.test')).toBe('one:1');
    });

    test.each([
      'socks5://one:1',
      'SOCKS5h://one:1',
      'socks4a://one',
      'socks://u:p@one',
      'ftp://one',
      'http://a b',
      'http://',
    ])('and not %s, which is told', (all_proxy) => {
      const upstream = inheritedProxies({ all_proxy }, machine);
      expect(upstream.notes.join()).toMatch(/^all_proxy names .*: requests through it are refused\. /);
      expect(upstream.notes.join()).not.toContain('u:p');
      expect(() => upstream.proxyFor('https', 'a.test')).toThrow('all_proxy names ');
      expect(upstream.proxyFor('https', 'localhost')).toBeUndefined();
    });

    test('and does not mind one that no request needs', () => {
      const inherited = { http_proxy: 'http://one:1', https_proxy: 'http://one:1', all_proxy: 'socks5://two:2' };
      expect(inheritedProxies(inherited, machine).notes).toEqual([]);
    });
  });
});

describe('trust', () => {
  const company = (): Record<string, string> => ({
    SSL_CERT_FILE: join(folder.path, 'one.pem'),
    NODE_EXTRA_CA_CERTS: join(folder.path, 'two.pem'),
    REQUESTS_CA_BUNDLE: join(folder.path, 'several'),
  });

  for (const name of ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO', 'CARGO_HTTP_CAINFO']) {
    test(`by ${name} is in the mock, the system's roots, and all that was inherited`, () => {
      const bundle = fileOf(name, company());
      expect([authority, one, two, three].filter((each) => !bundle.includes(each))).toEqual([]);
      expect(bundle.split('BEGIN CERTIFICATE').length).toBeGreaterThan(50);
    });
  }

  for (const name of ['NODE_EXTRA_CA_CERTS', 'DENO_CERT']) {
    test(`by ${name} adds to what the runtime trusts by itself: the mock, and what was inherited for such runtimes`, () => {
      expect(fileOf(name, company())).toBe(`${two}${authority}`);
    });
  }

  test('names each certificate once, and nothing besides', () => {
    const bundle = fileOf('SSL_CERT_FILE', {
      SSL_CERT_FILE: join(folder.path, 'one.pem'),
      CURL_CA_BUNDLE: join(folder.path, 'one.pem'),
    });
    expect(bundle.split(one)).toHaveLength(2);
    expect(bundle.replaceAll(/-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n/g, '')).toBe(
      '',
    );
  });

  test('tells of an inherited file that cannot be read', () => {
    using prepared = prepare({ SSL_CERT_FILE: '/no/such/file.pem' });
    expect(prepared.notes).toEqual([
      'SSL_CERT_FILE names /no/such/file.pem, which cannot be read: its certificates are not trusted.',
    ]);
  });

  test('of Java tells of an inherited trust store, which it replaces', () => {
    using prepared = prepare({ JAVA_TOOL_OPTIONS: '-Djavax.net.ssl.trustStore=/company/trust.jks -Xmx1g' });
    expect(prepared.notes).toEqual([
      "JAVA_TOOL_OPTIONS names the trust store /company/trust.jks: Java programs trust the system's roots and the mock instead.",
    ]);
  });
});

describe('what was inherited', () => {
  test('stays where it has nothing to do with the mock', () => {
    expect(variablesOf({ HOME: '/home/a', SOMETHING: 'else' })).toMatchObject({ HOME: '/home/a', SOMETHING: 'else' });
  });

  test('of NODE_OPTIONS, BUN_OPTIONS and JAVA_TOOL_OPTIONS stands before what is added', () => {
    const env = variablesOf({
      NODE_OPTIONS: '--max-old-space-size=99',
      BUN_OPTIONS: '--smol',
      JAVA_TOOL_OPTIONS: '-Xmx1g',
    });
    expect(env['NODE_OPTIONS']).toMatch(/^--max-old-space-size=99 "?--require=.*node-preload\.cjs"?$/);
    expect(env['BUN_OPTIONS']).toMatch(/^--smol "?--preload=.*node-preload\.cjs"?$/);
    expect(env['JAVA_TOOL_OPTIONS']).toMatch(/^-Xmx1g -Dhttps\.proxyHost=127\.0\.0\.1 -Dhttps\.proxyPort=4321 /);
  });

  test('of the other options of Java is extended, since they would win; where there are none, none are made', () => {
    expect(variablesOf({ _JAVA_OPTIONS: '-Xmx1g' })['_JAVA_OPTIONS']).toMatch(/^-Xmx1g -Dhttps\.proxyHost=/);
    expect(Object.keys(variablesOf())).not.toContain('_JAVA_OPTIONS');
  });

  for (const [inherited, before] of Object.entries({ '/a/b': `/a/b${delimiter}`, '': '' })) {
    test(`of PHP_INI_SCAN_DIR ("${inherited}") comes first`, () => {
      const env = variablesOf({ PHP_INI_SCAN_DIR: inherited });
      expect(env['PHP_INI_SCAN_DIR']).toMatch(new RegExp(`^${before}/[^${delimiter}]*/php$`));
    });
  }

  test('of PHP is the folder that PHP was compiled with, if nothing else was said', () => {
    expect(variablesOf()['PHP_INI_SCAN_DIR']).toMatch(new RegExp(`^${delimiter}/.*/php$`));
  });

  test('of the settings of wget comes before what is added', () => {
    const own = join(folder.path, 'wgetrc');
    expect(fileOf('SYSTEM_WGETRC', { SYSTEM_WGETRC: own })).toMatch(/^tries = 7\n\nca_certificate = .*trust\.pem\n$/);
  });

  test('is not changed for this process itself', () => {
    const before = { ...process.env };
    using prepared = prepareChild({
      proxy: 'http://127.0.0.1:1',
      hosts: [host],
      credentials,
      authority,
      parent: folder.path,
    });
    expect(prepared.env['HTTPS_PROXY']).toBe('http://127.0.0.1:1');
    expect({ ...process.env }).toEqual(before);
  });

  test('for Java is NO_PROXY in words of its own', () => {
    const env = variablesOf({ NO_PROXY: '.corp,intern.example' }, { allowNetwork: true });
    const hosts = 'localhost|127.0.0.1|::1|[::1]|0.0.0.0|192.0.2.7|*.corp|intern.example|*.intern.example';
    expect(env['JAVA_TOOL_OPTIONS']).toContain(`-Dhttp.nonProxyHosts=${hosts} `);
  });
});

describe('the variables', () => {
  test('hand the clinic to the program', () => {
    expect(variablesOf()).toMatchObject({
      ARZAMED_TOKEN_URL: 'http://127.0.0.1:1/token',
      ARZAMED_CLIENT_ID: 'id',
      ARZAMED_CLIENT_SECRET: 'secret',
      ARZAMED_BASE_URL: 'http://b',
    });
  });

  test('are told apart from those that were there before', () => {
    using prepared = prepare({ HOME: '/home/a', ALL_PROXY: 'socks5://a', ARZAMED_CLIENT_ID: 'id' });
    expect(Object.keys(prepared.variables)).toEqual(expect.arrayContaining(['HTTPS_PROXY', 'ALL_PROXY']));
    expect(Object.keys(prepared.variables)).not.toContain('HOME');
    expect(Object.keys(prepared.variables)).not.toContain('ARZAMED_CLIENT_ID');
    expect(prepared.variables['ALL_PROXY']).toBeUndefined();
    expect(Object.keys(prepared.env)).not.toContain('ALL_PROXY');
  });

  test('that a shell extends stand around what it has, whatever this process has', () => {
    using prepared = prepare({ NODE_OPTIONS: '--max-old-space-size=99', ARZAMED_CLIENT_ID: 'id' });
    const printed = new Map(prepared.printed.map(({ name, ...each }) => [name, each]));
    const option = expect.stringMatching(/^ "?--require=.*node-preload\.cjs"?$/);
    expect(printed.get('NODE_OPTIONS')?.around).toEqual(['', option]);
    expect(printed.get('NODE_OPTIONS')?.value).not.toContain('old-space');
    expect(printed.get('JAVA_TOOL_OPTIONS')?.around).toEqual(['', expect.stringMatching(/^ -Dhttps\.proxyHost=/)]);
    expect(printed.get('JDK_JAVA_OPTIONS')).toEqual({ value: undefined, around: ['', expect.anything()] });
    expect(printed.get('ARZAMED_CLIENT_ID')).toEqual({ value: 'id' });
    expect(printed.get('HTTPS_PROXY')?.around).toBeUndefined();
  });

  test('of an exec inside another replace those of the outer without a word', () => {
    using outer = prepare({ NODE_OPTIONS: '--no-warnings', PATH: nodeFolder, PYTHONPATH: '/own', RUBYOPT: '-w' });
    using inner = prepare({ ...outer.env });
    expect(inner.notes).toEqual([]);
    for (const name of ['NODE_OPTIONS', 'BUN_OPTIONS', 'PATH', 'PYTHONPATH', 'RUBYOPT']) {
      expect(inner.env[name]?.replaceAll(/\s+/g, ' ')).toBe(outer.env[name]?.replaceAll(outer.folder, inner.folder));
    }
  });
});

describe('what runtimes load before a program', () => {
  const loading = ['NODE_OPTIONS', 'BUN_OPTIONS', 'PYTHONPATH', 'RUBYOPT', 'PATH'];

  test('stands in the private folder, where other users and Bun read it too', () => {
    using prepared = prepare({ PATH: nodeFolder });
    for (const name of loading) expect(prepared.env[name]).toContain(prepared.folder);
  });

  test('is nothing where that is wanted; the variables stay as they were', () => {
    const own = { NODE_OPTIONS: '-r a', BUN_OPTIONS: '--smol', PYTHONPATH: '/a', RUBYOPT: '-w', PATH: nodeFolder };
    using prepared = prepare(own, { preload: false });
    expect(prepared.env).toMatchObject(own);
    expect(readFileSync(join(prepared.folder, 'php/arzamed.ini'), 'utf8')).not.toContain('auto_prepend_file');
  });

  test('is still there after the folder, where the environment may outlive it and the runtime needs it', () => {
    const env = variablesOf({ PATH: nodeFolder }, { lasts: true });
    expect(env['PATH']).toBe(nodeFolder);
    const paths = [/^--require=(.*)$/.exec(env['NODE_OPTIONS'] ?? ''), /^-r(.*)$/.exec(env['RUBYOPT'] ?? '')];
    for (const path of paths) expect(existsSync(path?.[1] ?? '')).toBe(true);
  });

  test('comes before what was inherited', () => {
    const env = variablesOf({ PYTHONPATH: '/own', PATH: `/none${delimiter}${nodeFolder}` });
    expect(env['PYTHONPATH']).toMatch(new RegExp(`/startup${delimiter}/own$`));
    expect(env['PATH']).toMatch(new RegExp(`/bin${delimiter}/none${delimiter}${nodeFolder}$`));
    expect(variablesOf()['PYTHONPATH']).toMatch(/\/startup$/);
  });

  test('is no program node where there is none', () => {
    expect(variablesOf({ PATH: '/none' })['PATH']).toBe('/none');
  });
});
