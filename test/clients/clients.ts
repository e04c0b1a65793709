// Clients below `arzamed exec`: what docs/exec.md says of each, and how it is tried.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { javaProgram } from '../support/java.ts';
import { nodes } from '../support/nodes.ts';

/** Whether this is `npm run test:clients`. */
export const all = process.env['TEST_CLIENTS'] === 'true';

export interface Client {
  runtime: string;
  name: string;
  /** Each way to run it, by the name of the program that runs it. */
  commands: Record<string, string[]>;
  /** Ends well where the client is there. */
  needs?: string[];
  /** Whether `npm test` tries it too. */
  always?: boolean;
  /** What has to be done for it to be served, which is tried with the argument `--told`, or why it cannot be. */
  remedy?: string;
  told?: boolean;
  /** What it may say on stderr. */
  says?: RegExp;
  /** What it prints if it is served. Default: the doctors. */
  prints?: RegExp;
}

type Given = Omit<Client, 'runtime' | 'name' | 'commands'>;

const modules = resolve('test/clients/node_modules');
const builtIn = new Set(['fetch', 'fetch http', 'https', 'https agent', 'https port', 'http', 'http2']);

/** The Nodes of this machine, and in the run of all clients those of npm, with their versions. */
const versions: readonly (readonly [version: string, path: string])[] = all
  ? ['node18', 'node20', 'node2212', 'node22', 'node26'].map((name) => {
      const path = `${modules}/${name}/bin/node`;
      return [
        name.replace(/node(\d\d)(\d*)/, (_, major, minor) => (minor ? `${major}.${minor}` : major)),
        path,
      ] as const;
    })
  : [];
const everyNode = [...nodes.map(({ version, path }) => [version, path] as const), ...versions];

/** A client of `clients.mjs` on each Node from a major version on. */
function onNode(name: string, program: string, given: Given & { from?: number } = {}): Client[] {
  const { from = 18, ...others } = given;
  const able = everyNode.filter(([version]) => Number.parseFloat(version) >= from);
  const commands = Object.fromEntries(
    able.map(([version, path]) => [`Node ${version}`, [path, 'clients.mjs', program]]),
  );
  return [
    { runtime: 'Node 18 to 26', name, commands, needs: [process.execPath, '-e', isInstalled(program)], ...others },
  ];
}

function isInstalled(program: string): string {
  return `process.exit(${builtIn.has(program) || existsSync(`${modules}/${program}`) ? 0 : 1})`;
}

const by =
  (runtime: string, command: (program: string) => string[], needs: (module: string) => string[]) =>
  (name: string, program: string, module: string, given: Given = {}): Client => ({
    runtime,
    name,
    commands: { [runtime]: command(program) },
    needs: needs(module),
    ...given,
  });

const bun = `${modules}/.bin/bun`;
const deno = `${modules}/.bin/deno`;
const onBun = by(
  'Bun',
  (program) => [bun, 'clients.mjs', program],
  () => [bun, '--version'],
);
const onDeno = by(
  'Deno',
  (program) => [deno, 'run', '-A', 'clients.mjs', program],
  () => [deno, '--version'],
);
const python = '/usr/bin/python3';
const onPython = by(
  'Python',
  (program) => [python, 'clients.py', program],
  (module) => [python, '-c', `import ${module}`],
);
const onPhp = by(
  'PHP',
  (program) => ['php', 'clients.php', program],
  (code) => ['php', '-r', `exit((int) !(${code}));`],
);
const onRuby = by(
  'Ruby',
  (program) => ['ruby', 'clients.rb', program],
  (name) => ['ruby', '-e', `require "${name}"`],
);
const onPerl = by(
  'Perl',
  (program) => ['perl', 'clients.pl', program],
  (name) => ['perl', `-M${name}`, '-e1'],
);
const alone = (runtime: string, name: string, command: string[], needs: string[], given: Given = {}): Client => ({
  runtime,
  name,
  commands: { [name]: command },
  needs,
  ...given,
});
const java = { says: /^Picked up JAVA_TOOL_OPTIONS: .*$/m };
const hasCurl = ['sh', '-c', 'echo "#include <curl/curl.h>" | cc -E -x c -'];
const caInfo = (option: string): string => `needs \`${option}\` set to \`$SSL_CERT_FILE\``;
const http2 = 'speaks HTTP/2 alone';

export const clients: readonly Client[] = [
  ...onNode('fetch', 'fetch', { always: true }),
  ...onNode('fetch (http)', 'fetch http'),
  ...onNode('https', 'https', { always: true }),
  ...onNode('https (own Agent)', 'https agent', { always: true }),
  ...onNode('https (own port)', 'https port', { always: true }),
  ...onNode('http', 'http', { always: true }),
  ...onNode('axios', 'axios'),
  ...onNode('got', 'got', { from: 20 }),
  ...onNode('ky', 'ky'),
  ...onNode('needle', 'needle'),
  ...onNode('node-fetch', 'node-fetch'),
  ...onNode('ofetch', 'ofetch'),
  ...onNode('request', 'request', { says: /\(node:\d+\) \[DEP0040\][^]*/ }),
  ...onNode('superagent', 'superagent'),
  ...onNode('undici 5', 'undici5'),
  ...onNode('undici 6', 'undici6'),
  ...onNode('undici 7', 'undici7', { from: 20 }),
  ...onNode('undici 8', 'undici8', { from: 22.19 }),
  ...onNode('@badgateway/oauth2-client', '@badgateway/oauth2-client'),
  ...onNode('openid-client', 'openid-client', { from: 20 }),
  ...onNode('simple-oauth2', 'simple-oauth2'),
  ...onNode('http2', 'http2', { remedy: http2 }),
  ...['fetch', 'https', 'http', 'axios', 'got', 'node-fetch'].map((name) => onBun(name, name, '')),
  onBun('https (own Agent)', 'https agent', ''),
  onBun('undici', 'undici6', ''),
  onBun('http2', 'http2', '', { remedy: http2 }),
  ...['fetch', 'https', 'axios', 'got', 'node-fetch'].map((name) => onDeno(name, name, '')),
  onDeno('undici', 'undici6', '', { remedy: 'ignores proxy variables' }),
  onDeno('http2', 'http2', '', { remedy: http2 }),
  onPython('aiohttp', 'aiohttp', 'aiohttp', { always: true }),
  onPython('authlib', 'authlib', 'authlib'),
  onPython('http.client', 'http_client', 'http', { always: true }),
  onPython('httplib2', 'httplib2', 'httplib2'),
  onPython('httpx', 'httpx', 'httpx', { always: true }),
  onPython('httpx (async)', 'httpx_async', 'httpx'),
  onPython('requests', 'requests', 'requests', { always: true }),
  onPython('requests (`trust_env = False`)', 'requests_session', 'requests'),
  onPython('tornado', 'tornado', 'tornado'),
  onPython('urllib', 'urllib', 'urllib'),
  onPython('urllib3', 'urllib3', 'urllib3'),
  onPython('pycurl', 'pycurl', 'pycurl', { remedy: caInfo('CAINFO'), told: true }),
  onPhp('curl', 'curl', 'function_exists("curl_init")'),
  onPhp('Guzzle', 'guzzle', '@include "GuzzleHttp/autoload.php"'),
  onPhp('Guzzle (streams)', 'guzzle-streams', '@include "GuzzleHttp/autoload.php"'),
  onPhp('streams', 'default', 'true'),
  onPhp('streams with a context', 'streams', 'true', { remedy: 'needs `proxy` in the context', told: true }),
  onRuby('excon', 'excon', 'excon'),
  onRuby('faraday', 'faraday', 'faraday'),
  onRuby('http.rb', 'http', 'http'),
  onRuby('net/http', 'net/http', 'net/http'),
  onRuby('oauth2', 'oauth2', 'oauth2'),
  onRuby('typhoeus', 'typhoeus', 'typhoeus', { remedy: caInfo('cainfo'), told: true }),
  onPerl('HTTP::Tiny', 'HTTP::Tiny', 'IO::Socket::SSL'),
  onPerl('LWP', 'LWP', 'LWP::Protocol::https'),
  onPerl('Mojo', 'Mojo', 'Mojo::UserAgent'),
  alone('Go', 'net/http', ['go', 'run', 'doctors.go'], ['go', 'version']),
  alone('Java', 'HttpClient', javaProgram('HttpClientDoctors'), ['java', '--version'], java),
  alone('Java', 'HttpsURLConnection', javaProgram('HttpsUrlConnectionDoctors'), ['java', '--version'], java),
  alone(
    'C',
    'libcurl',
    ['sh', '-c', 'cc libcurl.c -o "$TMPDIR/libcurl" -lcurl && "$TMPDIR/libcurl" "$@"', 'sh'],
    hasCurl,
    {
      remedy: caInfo('CURLOPT_CAINFO'),
      told: true,
      prints: /"message"/,
    },
  ),
  alone('Tools', 'curl', ['./curl.sh'], ['curl', '--version'], { always: true }),
  alone('Tools', 'wget', ['./wget.sh'], ['wget', '--version']),
  alone('Tools', 'HTTPie', ['./httpie.sh'], ['http', '--version'], {
    // Its look for a new version.
    says: /^.*packages\.httpie\.io.*$/m,
  }),
];

/** The table of docs/exec.md. */
export function tableOfClients(): string[][] {
  const runtimes = [...new Set(clients.map(({ runtime }) => runtime))];
  return runtimes.map((runtime) => {
    const own = clients.filter((each) => each.runtime === runtime);
    const served = own.filter(({ remedy }) => remedy === undefined).map(({ name }) => name);
    const others = own.flatMap(({ name, remedy }) => (remedy === undefined ? [] : [`${name} ${remedy}`]));
    return [runtime, served.join(', '), others.join('; ')];
  });
}
