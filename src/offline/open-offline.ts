import type { Handle } from '../mock/serve.ts';
import type { Played } from '../mock/read-world.ts';
import { createAuthority } from './authority/authority.ts';
import { inheritedProxy, prepareChild, type Credentials, type PreparedChild } from './child/index.ts';
import { playedHosts } from './played-hosts.ts';
import { startProxy, type ProxyOptions } from './proxy/proxy.ts';

export interface OfflineOptions extends Pick<ProxyOptions, 'onRefused' | 'onTlsRefused'> {
  /** What programs get as `ARZAMED_…`. */
  credentials: Credentials;
  /** Answers in the place of the API. */
  handle: Handle;
  /** Hosts that are played beside those of the specification. */
  more?: readonly string[] | undefined;
  /** Whether all other hosts may be reached. Default: no. */
  allowNetwork?: boolean | undefined;
}

/** The hosts of an API, played on this machine until the block ends, and the environment in which programs meet them. */
export interface Offline extends AsyncDisposable {
  hosts: readonly string[];
  child: PreparedChild;
}

/**
 * Has programs that run in a certain environment meet the mock where they ask for the API by its own name.
 * @throws Problem `folder_not_private` if the files could not be kept from other users.
 */
export async function openOffline(played: Played, options: OfflineOptions): Promise<Offline> {
  const { credentials, handle, more, allowNetwork = false, onRefused, onTlsRefused } = options;
  const hosts = await playedHosts(played, handle, more);
  const names = [...hosts.keys()];
  const authority = await createAuthority({ hosts: names, now: Date.now });
  const around = allowNetwork ? inheritedProxy() : undefined;
  const upstream = around !== undefined && URL.canParse(around) ? new URL(around) : undefined;
  const proxy = await startProxy({ hosts, own: handle, authority, allowNetwork, upstream, onRefused, onTlsRefused });
  try {
    const { certificate } = authority;
    const child = prepareChild({ proxy: proxy.url, hosts: names, authority: certificate, credentials, allowNetwork });
    return {
      hosts: names,
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
