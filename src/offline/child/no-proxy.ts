/** In NO_PROXY: this machine, so that a program still reaches the mock by its own address, and its own local servers. */
const loopback = ['localhost', '127.0.0.1', '::1', '[::1]'];

/**
 * The value of NO_PROXY. What was inherited is kept where other hosts may be reached at all, but for the entries by which
 * a program would pass by the proxy on its way to an intercepted host.
 * @param hosts the intercepted hosts.
 */
export function noProxy(
  inherited: Readonly<Record<string, string | undefined>>,
  hosts: readonly string[],
  allowNetwork: boolean,
): string {
  const entries = [inherited['NO_PROXY'], inherited['no_proxy']].flatMap((list) => (list ?? '').split(/[\s,]+/));
  const kept = allowNetwork ? entries.filter((entry) => entry !== '' && !hosts.some((host) => names(entry, host))) : [];
  return [...new Set([...loopback, ...kept])].join(',');
}

/** Some programs take an entry for the end of a name, wherever that begins; so the widest reading counts. */
function names(entry: string, host: string): boolean {
  const suffix = entry
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^[*.]+/, '');
  return host.toLowerCase().endsWith(suffix);
}
