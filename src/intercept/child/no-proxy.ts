import type { Machine } from '../machine.ts';
import { hostOfEntry, noProxyEntries } from '../upstream.ts';

/**
 * Always in NO_PROXY, so that programs reach the mock's own address and other local servers. `[::1]` is left out: Python's
 * httpx takes it for a host with a port and fails.
 */
const loopback = ['localhost', '127.0.0.1', '::1'];

const loopbackRange = /^(127\.[\d.]+|::1)\/(?:[89]|\d\d+)$/;

/**
 * NO_PROXY below `exec`, with notes on ignored entries. Inherited entries are kept if they name this machine or other hosts
 * may be reached, except those that match an intercepted host.
 * @param hosts the intercepted hosts.
 */
export function noProxy(
  inherited: Readonly<Record<string, string | undefined>>,
  hosts: readonly string[],
  allowNetwork: boolean,
  machine: Machine,
): { value: string; notes: string[] } {
  const own = [...loopback, ...machine.addresses].filter((entry) => !hosts.includes(entry));
  const entries = noProxyEntries(inherited).filter((entry) => ![...own, '[::1]'].includes(entry));
  const isKept = (entry: string): boolean =>
    (allowNetwork || machine.has(hostOfEntry(entry.replace(loopbackRange, '$1')))) &&
    !hosts.some((host) => names(entry, host));
  const lost = entries.filter((entry) => !isKept(entry));
  const reason = allowNetwork
    ? 'since they match intercepted hosts.'
    : 'since other hosts are refused; allow them with --allow-network.';
  const note = `NO_PROXY names ${lost.join(', ')}: ignored, ${reason}`;
  return { value: [...own, ...entries.filter(isKept)].join(','), notes: lost.length > 0 ? [note] : [] };
}

/** Some programs match any suffix, even within a label, so the widest reading counts. */
function names(entry: string, host: string): boolean {
  return host.toLowerCase().endsWith(hostOfEntry(entry));
}
