// Every value that a child gets can be read by each program that reads its variable: by the rules of those programs, and by
// the programs themselves where they are installed.
import { spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { prepareChild, type PreparedChild } from '../../src/intercept/child/prepare.ts';
import { thisMachine } from '../../src/intercept/machine.ts';
import { makeTestAuthority } from '../support/test-authority.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

interface Reader {
  name: string;
  source: string;
  reads: RegExp;
  /** Why it cannot read a value. */
  refuses: (value: string) => string | undefined;
}

const proxies = /^https?_proxy$/i;
const noProxy = /^no_proxy$/i;
const everything = (): undefined => undefined;
const unless = (pattern: RegExp, reason: string) => (value: string) => (pattern.test(value) ? undefined : reason);
const url = (value: string): string | undefined => (URL.canParse(value) ? undefined : 'no URL');

/** An entry becomes `all://[::1]`, `all://127.0.0.1`, `all://localhost` or else `all://*entry`, which must be a URL. */
function httpxEntry(entry: string): string | undefined {
  const isV4 = /^\d+(\.\d+){3}(\/\d+)?$/.test(entry);
  const isV6 = /^[\da-f]*:[\da-f:.]*(\/\d+)?$/i.test(entry);
  if (entry.includes('://') || isV6) return undefined;
  const authority = isV4 || entry.toLowerCase() === 'localhost' ? entry : `*${entry}`;
  const [, , port = ''] = /^(\[.*\]|[^:@/]*):?([^/]*)/.exec(authority) ?? [];
  return /^\d*$/.test(port) ? undefined : `Invalid port: '${port}'`;
}

function firstOf(entries: readonly string[], refuses: (entry: string) => string | undefined): string | undefined {
  return entries.map(refuses).find((reason) => reason !== undefined);
}

const readers: Reader[] = [
  {
    name: 'httpx 0.24 and newer',
    source: 'httpx/_utils.py get_environment_proxies, httpx/_urlparse.py urlparse',
    reads: noProxy,
    refuses: (value) =>
      firstOf(
        value.split(',').map((entry) => entry.trim()),
        httpxEntry,
      ),
  },
  { name: 'httpx', source: 'httpx/_utils.py', reads: proxies, refuses: unless(/^[a-z]+:\/\/[^:@]+:\d+$/, 'no proxy') },
  {
    name: 'urllib',
    source: 'urllib/request.py _parse_proxy',
    reads: proxies,
    refuses: unless(/^\w+:\/\/[^/]+$/, 'no //'),
  },
  {
    name: 'urllib, requests',
    source: 'urllib/request.py proxy_bypass_environment',
    reads: noProxy,
    refuses: everything,
  },
  { name: 'curl', source: 'curl(1), lib/noproxy.c', reads: noProxy, refuses: unless(/^[^\s]*$/, 'blanks before 7.86') },
  { name: 'curl', source: 'curl(1), lib/url.c parse_proxy', reads: proxies, refuses: url },
  {
    name: 'Go',
    source: 'x/net/http/httpproxy parseProxy',
    reads: proxies,
    refuses: unless(/^https?:\/\//, 'no scheme'),
  },
  { name: 'Go', source: 'x/net/http/httpproxy config.init', reads: noProxy, refuses: everything },
  { name: 'Node', source: 'undici lib/dispatcher/env-http-proxy-agent.js', reads: proxies, refuses: url },
  { name: 'Node', source: 'node_options.cc ParseNodeOptionsEnvVar', reads: /^NODE_OPTIONS$/, refuses: quotes('"') },
  { name: 'Bun', source: 'measured', reads: /^BUN_OPTIONS$/, refuses: quotes('"') },
  {
    name: 'Ruby',
    source: 'uri/generic.rb find_proxy',
    reads: /^(https?|no)_proxy$/,
    refuses: unless(/^[\x21-\x7e]*$/, 'no URI'),
  },
  { name: 'Java', source: 'arguments.cpp parse_options_buffer', reads: /^JAVA_TOOL_OPTIONS$/, refuses: quotes(`"'`) },
  {
    name: 'Java',
    source: 'sun.net.spi.DefaultProxySelector',
    reads: /^JAVA_TOOL_OPTIONS$/,
    refuses: unless(/-Dhttp\.nonProxyHosts=[\w.*|:[\]-]+( |$)/, 'no pattern'),
  },
  {
    name: 'PHP',
    source: 'main/php_ini.c',
    reads: /^PHP_INI_SCAN_DIR$/,
    refuses: unless(/^[^\n]*:?\/[^\n]+$/, 'no folder'),
  },
  {
    name: 'OpenSSL, requests, Node, git, cargo …',
    source: 'manual pages',
    reads: /(CERT|CERTS|CERT_FILE|CA_BUNDLE|CAINFO|WGETRC)$/,
    refuses: unless(/^\/[^\0\n]+$/, 'no absolute path'),
  },
];

/** Whether each quote ends. */
function quotes(kinds: string) {
  return (value: string): string | undefined =>
    value.replaceAll(kinds === '"' ? /"(?:\\.|[^"\\])*"/g : /"[^"]*"|'[^']*'/g, '').match(/["']/)
      ? 'a quote is open'
      : undefined;
}

/** What a user may have. */
const inherited: Record<string, string>[] = [
  {},
  { NO_PROXY: '[::1]' },
  { NO_PROXY: 'localhost, 127.0.0.0/8,[::1],::1,workshop', NODE_OPTIONS: '--max-old-space-size=99' },
  { NO_PROXY: '.corp:8080,10.0.0.0/8 intern.example', JAVA_TOOL_OPTIONS: '-Xmx1g', PHP_INI_SCAN_DIR: '/a' },
];

let folder: TemporaryFolder;
let authority: string;
let environments: PreparedChild['env'][];
beforeAll(async () => {
  folder = await temporaryFolder({ "it's a folder/.keep": '' });
  authority = (await makeTestAuthority(['api.example.com'])).authority;
  environments = inherited.flatMap((given) =>
    [true, false].map((allowed) => {
      using prepared = prepare(given, allowed);
      return prepared.env;
    }),
  );
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

function prepare(given: Record<string, string>, allowNetwork = true): PreparedChild {
  return prepareChild({
    proxy: 'http://127.0.0.1:4321',
    hosts: ['api.example.com'],
    credentials: {
      tokenUrl: 'https://a.test/token',
      clientId: 'id',
      clientSecret: 'secret',
      baseUrl: 'https://a.test',
    },
    authority,
    allowNetwork,
    parent: `${folder.path}/it's a folder`,
    machine: thisMachine({
      name: 'workshop',
      addresses: Object.values(networkInterfaces()).flatMap((each = []) => each.map(({ address }) => address)),
      hostsFile: '::1 ip6-localhost',
    }),
    inherited: given,
  });
}

describe('what a child gets', () => {
  for (const { name, source, reads, refuses } of readers) {
    test(`can be read by ${name} (${source})`, () => {
      for (const env of environments) {
        const read = Object.entries(env).filter(([variable]) => reads.test(variable));
        expect(read.length).toBeGreaterThan(0);
        expect(read.filter(([, value]) => refuses(value) !== undefined)).toEqual([]);
      }
    });
  }

  test('would not be read by httpx with [::1] in it', () => {
    expect(readers[0]?.refuses('localhost,[::1]')).toBe("Invalid port: ':1]'");
  });
});

const python = `
import sys, urllib.request, importlib
assert urllib.request.getproxies()["https"].startswith("http://127.0.0.1")
assert urllib.request.proxy_bypass("localhost") and not urllib.request.proxy_bypass("api.example.com")
for name in ("httpx", "requests", "aiohttp"):
    try: module = importlib.import_module(name)
    except ImportError: continue
    if name == "httpx": module.Client().close()
    if name == "requests":
        merged = module.Session().merge_environment_settings("https://api.example.com/", {}, None, None, None)
        assert merged["proxies"]["https"].startswith("http://127.0.0.1"), merged
    if name == "aiohttp": module.helpers.proxies_from_env()
print("read")`;

/** Programs that say what they have read. */
const programs: [command: string, ...args: string[]][] = [
  ['/usr/bin/python3', '-c', python],
  ['curl', '--silent', '--output', '/dev/null', '--write-out', 'read', 'file:///dev/null'],
  [process.execPath, '-e', 'new URL(process.env.HTTPS_PROXY); console.log("read")'],
  ['ruby', '-ruri', '-e', 'abort unless URI("https://api.example.com/").find_proxy.port == 4321; puts "read"'],
  ['php', '-r', 'echo is_file(ini_get("openssl.cafile")) ? "read" : "lost";'],
  ['java', '-Xshare:auto', '-XX:TieredStopAtLevel=1', '-version'],
];

describe('what a child gets is read', () => {
  for (const [command, ...args] of programs) {
    const isThere = spawnSync('sh', ['-c', 'command -v "$0"', command], { stdio: 'ignore' }).status === 0;
    (isThere ? test : test.skip)(`by ${command} (needs it)`, () => {
      using prepared = prepare(inherited.at(-1) ?? {});
      const env = { PATH: process.env['PATH'], ...prepared.env };
      const { status, stdout, stderr } = spawnSync(command, args, { env, encoding: 'utf8' });
      expect({ status, said: /^read$|^Picked up/m.exec(stdout + stderr)?.[0] ?? stdout + stderr }).toEqual({
        status: 0,
        said: expect.stringMatching(/^(read|Picked up)$/),
      });
    });
  }
});
