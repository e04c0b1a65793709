import { delimiter } from 'node:path';
import type { TrustFiles } from './trust.ts';

/** What sends Java's clients to the proxy and has them trust the mock. Of two that set the same, Java takes the later. */
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

/** Java names hosts one by one and whole domains by `*`, where NO_PROXY means both by one name. */
function nonProxyHosts(noProxy: string): string {
  const names = noProxy.split(',').flatMap((each) => {
    const domain = /^\*?\.(.+)$/.exec(each)?.[1];
    if (domain !== undefined) return [`*.${domain}`];
    return /^[\d.:[\]]+$|^localhost$|\*/.test(each) ? [each] : [each, `*.${each}`];
  });
  return names.join('|');
}

/** What a clinic hands to an integrator, and where its API is. */
export interface Credentials {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  baseUrl: string;
}

/** Of what the variables are made. */
interface Parts {
  /** The proxy that takes what is for the mock, such as `http://127.0.0.1:40123`. */
  proxy: string;
  /** The hosts that the proxy is not asked for, separated by commas. */
  noProxy: string;
  files: TrustFiles;
  /** The path of the module that every Node loads first. */
  preload: string;
  credentials: Credentials;
  /** The environment in which the command would have run otherwise. */
  inherited: Readonly<Record<string, string | undefined>>;
}

/** One variable of the environment below `arzamed exec`. */
interface Variable {
  name: string;
  /** Who reads it. */
  readBy: string;
  /** Where that is documented, or `measured` where it was found out by running it. */
  source: string;
  /** Its value; undefined takes it out of the environment. */
  value: (parts: Parts) => string | undefined;
}

const proxy = ({ proxy }: Parts): string => proxy;
const noProxy = ({ noProxy }: Parts): string => noProxy;
const nothing = (): undefined => undefined;
const bundle = ({ files }: Parts): string => files.bundle;
const additions = ({ files }: Parts): string => files.additions;

/** Java reads these besides, and they win over JAVA_TOOL_OPTIONS; where nobody set them they stay unset. */
const javaIfSet =
  (name: string) =>
  (parts: Parts): string | undefined =>
    parts.inherited[name] === undefined ? undefined : joined(parts.inherited[name], ...javaOptions(parts));

/** Every variable that `arzamed exec` sets, extends or takes away. */
export const variables: readonly Variable[] = [
  // The way to the mock. Programs differ in which case they read; curl reads http_proxy in lower case alone.
  { name: 'HTTPS_PROXY', readBy: 'most programs', source: 'curl(1), Go net/http, requests', value: proxy },
  { name: 'https_proxy', readBy: 'most programs', source: 'curl(1), wget(1), Ruby net/http', value: proxy },
  { name: 'HTTP_PROXY', readBy: 'most programs', source: 'Go net/http, requests', value: proxy },
  { name: 'http_proxy', readBy: 'most programs', source: 'curl(1), wget(1), Ruby net/http', value: proxy },
  { name: 'NO_PROXY', readBy: 'most programs', source: 'curl(1), Go net/http, requests', value: noProxy },
  { name: 'no_proxy', readBy: 'most programs', source: 'curl(1), wget(1), Ruby net/http', value: noProxy },
  { name: 'ALL_PROXY', readBy: 'curl, requests, httpx', source: 'curl(1), httpx', value: nothing },
  { name: 'all_proxy', readBy: 'curl, requests, httpx', source: 'curl(1), httpx', value: nothing },

  // Trust in place of a program's own: the bundle.
  {
    name: 'SSL_CERT_FILE',
    readBy: 'OpenSSL, Go and .NET on Linux',
    source: 'X509_get_default_cert_file(3), Go crypto/x509',
    value: bundle,
  },
  { name: 'NIX_SSL_CERT_FILE', readBy: 'programs packaged by Nix', source: 'Nixpkgs', value: bundle },
  { name: 'CURL_CA_BUNDLE', readBy: 'curl, requests', source: 'curl(1)', value: bundle },
  { name: 'REQUESTS_CA_BUNDLE', readBy: 'requests', source: 'requests, SSL Cert Verification', value: bundle },
  { name: 'HTTPLIB2_CA_CERTS', readBy: 'httplib2', source: 'httplib2/certs.py', value: bundle },
  { name: 'PERL_LWP_SSL_CA_FILE', readBy: 'Perl LWP', source: 'LWP::UserAgent', value: bundle },
  { name: 'AWS_CA_BUNDLE', readBy: 'AWS tools', source: 'AWS CLI', value: bundle },
  { name: 'GIT_SSL_CAINFO', readBy: 'git', source: 'git-config(1), http.sslCAInfo', value: bundle },
  { name: 'CARGO_HTTP_CAINFO', readBy: 'cargo', source: 'Cargo, http.cainfo', value: bundle },
  { name: 'SYSTEM_WGETRC', readBy: 'wget', source: 'GNU Wget, Wgetrc Location', value: ({ files }) => files.wgetrc },

  // Trust in addition to a program's own.
  { name: 'NODE_EXTRA_CA_CERTS', readBy: 'Node, Bun', source: 'Node, CLI', value: additions },
  { name: 'DENO_CERT', readBy: 'Deno', source: 'Deno, environment variables', value: additions },

  // Runtimes that read the proxy's variables not, or not everywhere.
  { name: 'NODE_USE_ENV_PROXY', readBy: 'Node 22.21, 24 and newer, Deno', source: 'Node, CLI', value: () => '1' },
  {
    name: 'NODE_OPTIONS',
    readBy: 'Node',
    source: 'Node, CLI',
    value: ({ inherited, preload }) => withPreload(inherited['NODE_OPTIONS'], `--require=${preload}`),
  },
  {
    name: 'BUN_OPTIONS',
    readBy: 'Bun',
    source: 'measured',
    value: ({ inherited, preload }) => withPreload(inherited['BUN_OPTIONS'], `--preload=${preload}`),
  },
  {
    name: 'JAVA_TOOL_OPTIONS',
    readBy: 'Java',
    source: 'JVM Tool Interface; Java networking properties',
    value: (parts) => joined(parts.inherited['JAVA_TOOL_OPTIONS'], ...javaOptions(parts)),
  },
  { name: 'JDK_JAVA_OPTIONS', readBy: 'Java', source: 'java(1)', value: javaIfSet('JDK_JAVA_OPTIONS') },
  { name: '_JAVA_OPTIONS', readBy: 'Java', source: 'HotSpot arguments.cpp', value: javaIfSet('_JAVA_OPTIONS') },
  {
    // What comes later in the list wins; an empty entry stands for the folder that PHP was compiled with.
    name: 'PHP_INI_SCAN_DIR',
    readBy: 'PHP',
    source: 'PHP, The configuration file',
    value: ({ inherited: { PHP_INI_SCAN_DIR: own }, files }) =>
      own === '' ? files.php : `${own ?? ''}${delimiter}${files.php}`,
  },

  // The clinic, by the names of the vendor's own samples and of the toolkit.
  { name: 'ARZAMED_TOKEN_URL', readBy: 'your program', source: 'README', value: (parts) => parts.credentials.tokenUrl },
  { name: 'ARZAMED_CLIENT_ID', readBy: 'your program', source: 'README', value: (parts) => parts.credentials.clientId },
  {
    name: 'ARZAMED_CLIENT_SECRET',
    readBy: 'your program',
    source: 'README',
    value: (parts) => parts.credentials.clientSecret,
  },
  { name: 'ARZAMED_BASE_URL', readBy: 'your program', source: 'README', value: (parts) => parts.credentials.baseUrl },

  // The mock under an address of this machine, where its control API is.
  { name: 'ARZAMED_MOCK_URL', readBy: 'your tests', source: 'docs/control.md', value: proxy },
];

/** An `exec` around this one may have added it already. */
function withPreload(inherited: string | undefined, option: string): string {
  const quoted = quoteOption(option, 'node');
  return inherited?.includes(quoted) === true ? inherited : joined(inherited, quoted);
}

function joined(inherited: string | undefined, ...options: readonly string[]): string {
  return [inherited?.trim() ?? '', ...options].filter((each) => each !== '').join(' ');
}

/**
 * An option as it stands in a variable that holds several, separated by spaces. Only what needs quotes gets them, since
 * some tools split such variables at every space.
 * @param style how what reads it takes quotes: Node by `"` with `\` before `"` and `\`; Java by `"` or `'`, without escapes.
 */
export function quoteOption(option: string, style: 'node' | 'java'): string {
  if (!/[\s"'\\]/.test(option)) return option;
  if (style === 'node') return `"${option.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  // A path may have one kind of quote in it: each stretch is put between quotes of the other kind.
  return (option.match(/[^"]+|"+/g) ?? []).map((part) => (part.startsWith('"') ? `'${part}'` : `"${part}"`)).join('');
}
