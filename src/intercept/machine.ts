import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { isLoopback } from '../mock/http/server.ts';

/** The hosts that lead to this machine. Nothing is looked up by DNS, which would ask the network. */
export interface Machine {
  /** @param host in lower case; IPv6 addresses with or without brackets. */
  has(host: string): boolean;
  /**
   * Its IPv4 addresses besides loopback, for NO_PROXY. Names are left out: to many clients the name `dev` stands for all of
   * `.dev`.
   */
  addresses: readonly string[];
}

interface Sources {
  name: string;
  /** The addresses of its interfaces. */
  addresses: readonly string[];
  /** The text of its hosts file. */
  hostsFile: string;
}

export function thisMachine({ name, addresses, hostsFile }: Sources = readSources()): Machine {
  const own = new BlockList();
  own.addSubnet('127.0.0.0', 8);
  for (const address of ['::1', '0.0.0.0', '::', ...addresses]) own.addAddress(address, familyOf(address));
  const leadsHere = (address: string): boolean => isIP(address) > 0 && own.check(address, familyOf(address));
  const names = new Set([name.toLowerCase()]);
  for (const line of hostsFile.toLowerCase().split('\n')) {
    const [address = '', ...others] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (leadsHere(address)) for (const each of others) names.add(each);
  }
  const has = (host: string): boolean => {
    const bare = host.replace(/^\[(.*)\]$/, '$1');
    return isLoopback(bare) || bare.endsWith('.localhost') || names.has(bare) || leadsHere(bare);
  };
  return { has, addresses: ['0.0.0.0', ...addresses.filter((each) => isIP(each) === 4 && !isLoopback(each))] };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

function readSources(): Sources {
  const file =
    process.platform === 'win32'
      ? `${process.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\drivers\\etc\\hosts`
      : '/etc/hosts';
  let hostsFile = '';
  try {
    hostsFile = readFileSync(file, 'utf8');
  } catch {
    // Not every container has one.
  }
  const addresses = Object.values(networkInterfaces()).flatMap((each = []) => each.map(({ address }) => address));
  return { name: hostname(), addresses, hostsFile };
}
