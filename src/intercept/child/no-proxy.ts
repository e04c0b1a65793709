/** Always in NO_PROXY, so that programs reach the mock's own address and other local servers. */
const loopback = ['localhost', '127.0.0.1', '::1', '[::1]'];

/**
 * NO_PROXY below `exec`, with notes on ignored entries. Inherited entries are kept if other hosts may be reached, except
 * those that match an intercepted host.
 * @param hosts the intercepted hosts.
 */
export function noProxy(
  inherited: Readonly<Record<string, string | undefined>>,
  hosts: readonly string[],
  allowNetwork: boolean,
): { value: string; notes: string[] } {
  const lists = [inherited['NO_PROXY'], inherited['no_proxy']].flatMap((list) => (list ?? '').split(/[\s,]+/));
  const entries = [...new Set(lists)].filter((entry) => entry !== '' && !loopback.includes(entry));
  const lost = entries.filter((entry) => !allowNetwork || hosts.some((host) => names(entry, host)));
  const kept = entries.filter((entry) => !lost.includes(entry));
  const reason = allowNetwork
    ? 'since they match intercepted hosts.'
    : 'since other hosts are refused; allow them with --allow-network.';
  const note = `NO_PROXY names ${lost.join(', ')}: ignored, ${reason}`;
  return { value: [...loopback, ...kept].join(','), notes: lost.length > 0 ? [note] : [] };
}

/** Some programs match any suffix, even within a label, so the widest reading counts. */
function names(entry: string, host: string): boolean {
  const suffix = entry
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^[*.]+/, '');
  return host.toLowerCase().endsWith(suffix);
}

/** The proxy of the outer environment, through which ours reaches other hosts if they are allowed. */
export function inheritedProxy(
  inherited: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const names = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];
  return names.map((name) => inherited[name]).find((value) => value !== undefined && value !== '');
}
