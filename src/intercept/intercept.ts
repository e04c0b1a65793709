import type { Handle } from '../mock/http/server.ts';
import { createAuthority } from './certificate-authority.ts';
import { inheritedProxy, prepareChild, type Credentials, type PreparedChild } from './child/index.ts';
import { startProxy, type ProxyOptions } from './proxy/proxy.ts';

export interface InterceptionOptions extends Pick<ProxyOptions, 'onRefused' | 'onTlsRefused' | 'own'> {
  /** What programs get as `ARZAMED_…`. */
  credentials: Credentials;
  /** The hosts that are played. */
  hosts: readonly string[];
  /** Who answers in the place of a host. */
  handleOf: (host: string) => Handle;
  /** Whether all other hosts may be reached. Default: no. */
  allowNetwork?: boolean | undefined;
}

/** Hosts, played on this machine until the block ends, and the environment in which programs meet them. */
export interface Interception extends AsyncDisposable {
  child: PreparedChild;
}

/**
 * Has programs that run in a certain environment meet the mock where they ask for the API by its own name.
 * @throws Problem `folder_not_private` if the files could not be kept from other users.
 */
export async function openInterception(options: InterceptionOptions): Promise<Interception> {
  const { credentials, hosts, handleOf, own, allowNetwork = false, onRefused, onTlsRefused } = options;
  const authority = await createAuthority({ hosts, now: Date.now });
  const around = allowNetwork ? inheritedProxy() : undefined;
  const upstream = around !== undefined && URL.canParse(around) ? new URL(around) : undefined;
  const handles = new Map(hosts.map((host) => [host, handleOf(host)]));
  const proxy = await startProxy({ hosts: handles, own, authority, allowNetwork, upstream, onRefused, onTlsRefused });
  try {
    const { certificate } = authority;
    const child = prepareChild({ proxy: proxy.url, hosts, authority: certificate, credentials, allowNetwork });
    return {
      child,
      async [Symbol.asyncDispose]() {
        child[Symbol.dispose]();
        await proxy.close();
      },
    };
  } catch (error) {
    await proxy.close();
    throw error;
  }
}
