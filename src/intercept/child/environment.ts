import { delimiter } from 'node:path';
import { quoteOption, type StartUpFiles } from './start-up.ts';
import type { TrustFiles } from './trust.ts';

/** Proxy and trust store for Java's clients. Of two options that set the same property, the later wins. */
function javaOptions({ proxy, noProxy, files }: Pick<Parts, 'proxy' | 'noProxy' | 'files'>): string[] {
  const { hostname, port } = new URL(proxy);
  const properties = {
    'https.proxyHost': hostname,
    'https.proxyPort': port,
    'http.proxyHost': hostname,
    'http.proxyPort': port,
    'http.nonProxyHosts': nonProxyHosts(noProxy),
    'javax.net.ssl.trustStore': files.java,
    'javax.net.ssl.trustStoreType': 'PKCS12',
  };
  return Object.entries(properties).map(([name, value]) => quoteOption(`-D${name}=${value}`, 'java'));
}

/** A name in NO_PROXY stands for a host and its subdomains; Java needs `*.` for the latter. */
function nonProxyHosts(noProxy: string): string {
  const names = noProxy.split(',').flatMap((entry) => {
    // A host of Java has no port; of ranges, it knows those that end between numbers.
    const each = entry.replace(/^([^:]+):\d+$/, '$1').replace(/^(\d+)(?:\.\d+){3}\/8$/, '$1.*');
    const domain = /^\*?\.(.+)$/.exec(each)?.[1];
    if (domain !== undefined) return [`*.${domain}`];
    // Java compares the host of the URL, which has brackets.
    if (/^[\da-f]*:[\da-f:.]*$/i.test(each)) return [each, `[${each}]`];
    return /^[\d.:[\]]+$|^localhost$|\*/.test(each) ? [each] : [each, `*.${each}`];
  });
  return names.join('|');
}

/** A clinic's credentials, and where its API is. */
export interface ClinicCredentials {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  baseUrl: string;
}

interface Parts {
  /** URL of the proxy, such as `http://127.0.0.1:40123`. */
  proxy: string;
  /** Hosts reached without the proxy, separated by commas. */
  noProxy: string;
  /** The intercepted hosts. */
  hosts: readonly string[];
  files: TrustFiles;
  /** A folder with settings for PHP. */
  php: string;
  /** What runtimes load before a program, unless they are to load nothing. */
  startUp: StartUpFiles | undefined;
  credentials: ClinicCredentials;
  inherited: Readonly<Record<string, string | undefined>>;
}

/** Name, its readers, where that is documented (`measured`: found by running it), and the value; undefined unsets it. */
type Row = readonly [name: string, readBy: string, source: string, value: (parts: Parts) => string | undefined];

const proxy = ({ proxy }: Parts): string => proxy;
const noProxy = ({ noProxy }: Parts): string => noProxy;
const nothing = (): undefined => undefined;
const bundle = ({ files }: Parts): string => files.bundle;
const additions = ({ files }: Parts): string => files.additions;

/** These win over JAVA_TOOL_OPTIONS; unset, they stay unset. */
const javaIfSet =
  (name: string) =>
  (parts: Parts): string | undefined =>
    parts.inherited[name] === undefined ? undefined : joined(parts.inherited[name], ...javaOptions(parts));

const preload =
  (name: string, option: string) =>
  ({ inherited, startUp }: Parts): string | undefined =>
    startUp
      ? joined(withoutOuter(inherited[name]), quoteOption(`${option}=${startUp.preload}`, 'node'))
      : inherited[name];

/** A list of folders, with one of ours before those that were inherited. */
const folders =
  (name: string, kind: 'bin' | 'python') =>
  ({ inherited, startUp }: Parts): string | undefined => {
    const own = startUp?.[kind];
    if (own === undefined) return inherited[name];
    const others = (inherited[name] ?? '').split(delimiter).filter((folder) => !isOfOuter(folder));
    return [own, ...(inherited[name] ? others : [])].join(delimiter);
  };

const rows: readonly Row[] = [
  // The way to the mock. Programs differ in which case they read; curl reads http_proxy in lower case alone.
  ['HTTPS_PROXY', 'most programs', 'curl(1), Go net/http, requests', proxy],
  ['https_proxy', 'most programs', 'curl(1), wget(1), Ruby net/http', proxy],
  ['HTTP_PROXY', 'most programs', 'Go net/http, requests', proxy],
  ['http_proxy', 'most programs', 'curl(1), wget(1), Ruby net/http', proxy],
  ['NO_PROXY', 'most programs', 'curl(1), Go net/http, requests', noProxy],
  ['no_proxy', 'most programs', 'curl(1), wget(1), Ruby net/http', noProxy],
  ['ALL_PROXY', 'curl, requests, httpx', 'curl(1), httpx', nothing],
  ['all_proxy', 'curl, requests, httpx', 'curl(1), httpx', nothing],

  // Trust that replaces a program's own.
  ['SSL_CERT_FILE', 'OpenSSL, Go and .NET on Linux', 'X509_get_default_cert_file(3), Go crypto/x509', bundle],
  ['NIX_SSL_CERT_FILE', 'programs packaged by Nix', 'Nixpkgs', bundle],
  ['CURL_CA_BUNDLE', 'curl, requests', 'curl(1)', bundle],
  ['REQUESTS_CA_BUNDLE', 'requests', 'requests, SSL Cert Verification', bundle],
  ['HTTPLIB2_CA_CERTS', 'httplib2', 'httplib2/certs.py', bundle],
  ['PERL_LWP_SSL_CA_FILE', 'Perl LWP', 'LWP::UserAgent', bundle],
  ['AWS_CA_BUNDLE', 'AWS tools', 'AWS CLI', bundle],
  ['GIT_SSL_CAINFO', 'git', 'git-config(1), http.sslCAInfo', bundle],
  ['CARGO_HTTP_CAINFO', 'cargo', 'Cargo, http.cainfo', bundle],
  ['SYSTEM_WGETRC', 'wget', 'GNU Wget, Wgetrc Location', ({ files }) => files.wgetrc],

  // Trust in addition to a program's own.
  ['NODE_EXTRA_CA_CERTS', 'Node, Bun', 'Node, CLI', additions],
  ['DENO_CERT', 'Deno', 'Deno, environment variables', additions],

  // Runtimes that do not always read proxy variables.
  ['DENO_NO_UPDATE_CHECK', 'Deno', 'Deno, environment variables', () => '1'],
  ['NO_UPDATE_NOTIFIER', 'nodemon and other tools of npm', 'update-notifier', () => '1'],
  ['NODE_USE_ENV_PROXY', 'Node 22.21, 24 and newer, Deno', 'Node, CLI', () => '1'],
  ['NODE_OPTIONS', 'Node', 'Node, CLI', preload('NODE_OPTIONS', '--require')],
  ['BUN_OPTIONS', 'Bun', 'measured', preload('BUN_OPTIONS', '--preload')],
  [
    'JAVA_TOOL_OPTIONS',
    'Java',
    'JVM Tool Interface; Java networking properties',
    (parts) => joined(parts.inherited['JAVA_TOOL_OPTIONS'], ...javaOptions(parts)),
  ],
  ['JDK_JAVA_OPTIONS', 'Java', 'java(1)', javaIfSet('JDK_JAVA_OPTIONS')],
  ['_JAVA_OPTIONS', 'Java', 'HotSpot arguments.cpp', javaIfSet('_JAVA_OPTIONS')],
  ['PHP_INI_SCAN_DIR', 'PHP', 'PHP, The configuration file', phpFolders],
  ['PERL_LWP_ENV_PROXY', 'Perl LWP', 'LWP::UserAgent', () => '1'],
  ['MOJO_PROXY', 'Perl Mojo', 'Mojo::UserAgent', () => '1'],
  ['PYTHONPATH', 'Python', 'Python, site', folders('PYTHONPATH', 'python')],
  ['RUBYOPT', 'Ruby', 'ruby(1)', rubyOptions],
  ['PATH', 'scripts that start Node or Python', 'measured', folders('PATH', 'bin')],
  ['ARZAMED_EXEC_HOSTS', 'what the above load', 'src/intercept/child/startup', ({ hosts }) => hosts.join(',')],
  // Scripts set NODE_EXTRA_CA_CERTS and SSL_CERT_FILE anew.
  ['ARZAMED_EXEC_TRUST', 'what the above load', 'src/intercept/child/startup', additions],

  // The clinic, by the names of the vendor's samples and of the toolkit.
  ['ARZAMED_TOKEN_URL', 'your program', 'README', ({ credentials }) => credentials.tokenUrl],
  ['ARZAMED_CLIENT_ID', 'your program', 'README', ({ credentials }) => credentials.clientId],
  ['ARZAMED_CLIENT_SECRET', 'your program', 'README', ({ credentials }) => credentials.clientSecret],
  ['ARZAMED_BASE_URL', 'your program', 'README', ({ credentials }) => credentials.baseUrl],

  // The mock at a loopback address, with its control API.
  ['ARZAMED_MOCK_URL', 'your tests', 'docs/control.md', proxy],
];

/** Every variable that `arzamed exec` sets, extends or unsets. */
export const variables = rows.map(([name, , , value]) => ({ name, value }));

const namesOf = (wanted: Row[3]): string[] => rows.flatMap(([name, , , value]) => (value === wanted ? [name] : []));

/** The variables that name certificates, instead of a program's own or in addition to them. */
export const trustVariables = { bundle: namesOf(bundle), additions: namesOf(additions) };

/** Later folders win; an empty entry stands for the folder that PHP was compiled with. */
function phpFolders({ inherited: { PHP_INI_SCAN_DIR: own }, php }: Parts): string {
  return own === '' ? php : `${own ?? ''}${delimiter}${php}`;
}

/** RUBYOPT cannot quote a space. */
function rubyOptions({ inherited: { RUBYOPT: own }, startUp }: Parts): string | undefined {
  return startUp === undefined || /\s/.test(startUp.ruby) ? own : joined(withoutOuter(own), `-r${startUp.ruby}`);
}

/** Whether a path is in the folder of an outer `exec`, whose part ours takes. */
function isOfOuter(path: string): boolean {
  return /[\\/]arzamed-exec-[^\\/]+[\\/]/.test(path);
}

/** Options without those that name a file of an outer `exec`. */
function withoutOuter(options: string | undefined): string | undefined {
  return options?.replaceAll(/"(?:\\.|[^"\\])*"|\S+/g, (option) => (isOfOuter(option) ? '' : option));
}

function joined(inherited: string | undefined, ...options: readonly string[]): string {
  return [inherited?.trim() ?? '', ...options].filter((each) => each !== '').join(' ');
}
