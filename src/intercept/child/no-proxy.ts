/** In NO_PROXY: this machine, so that a program still reaches the mock by its own address, and its own local servers. */
const loopback = ['localhost', '127.0.0.1', '::1', '[::1]'];

/** What NO_PROXY is below `exec`. */
interface NoProxy {
  value: string;
  /** Which inherited entries are not heeded, and why. */
  notes: string[];
}

/**
 * What was inherited of NO_PROXY is kept where other hosts may be reached at all, but for the entries by which a program
 * would pass by the proxy on its way to an intercepted host.
 * @param hosts the intercepted hosts.
 */
export function noProxy(
  inherited: Readonly<Record<string, string | undefined>>,
  hosts: readonly string[],
  allowNetwork: boolean,
): NoProxy {
  const lists = [inherited['NO_PROXY'], inherited['no_proxy']].flatMap((list) => (list ?? '').split(/[\s,]+/));
  const entries = [...new Set(lists)].filter((entry) => entry !== '' && !loopback.includes(entry));
  const lost = entries.filter((entry) => !allowNetwork || hosts.some((host) => names(entry, host)));
  const kept = entries.filter((entry) => !lost.includes(entry));
  const reason = allowNetwork
    ? 'since that would lead past the mock.'
    : 'since other hosts cannot be reached; --allow-network lets them be.';
  const note = `NO_PROXY names ${lost.join(', ')}: not heeded, ${reason}`;
  return { value: [...loopback, ...kept].join(','), notes: lost.length > 0 ? [note] : [] };
}

/** Some programs take an entry for the end of a name, wherever that begins; so the widest reading counts. */
function names(entry: string, host: string): boolean {
  const suffix = entry
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^[*.]+/, '');
  return host.toLowerCase().endsWith(suffix);
}

/**
 * The proxy by which a program would have reached other hosts without `exec`, so that ours can go on through it where
 * other hosts may be reached; undefined where there is none.
 */
export function inheritedProxy(
  inherited: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const names = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];
  return names.map((name) => inherited[name]).find((value) => value !== undefined && value !== '');
}
