import type { Handle } from '../mock/http/server.ts';
import { createAuthority } from './certificate-authority.ts';
import type { ClinicCredentials } from './child/environment.ts';
import { prepareChild, type ChildOptions, type PreparedChild } from './child/prepare.ts';
import { thisMachine } from './machine.ts';
import { startProxy, type ProxyOptions } from './proxy/proxy.ts';
import { inheritedProxies } from './upstream.ts';

export interface InterceptionOptions
  extends
    Pick<ProxyOptions, 'allowNetwork' | 'onRefused' | 'onTlsRefused' | 'own'>,
    Pick<ChildOptions, 'envPrefix' | 'preload' | 'lasts'> {
  /** What programs get as `ARZAMED_…`, or with another prefix. */
  credentials: ClinicCredentials;
  hosts: readonly string[];
  handleOf: (host: string) => Handle;
  /** Whether programs are not told to trust the authority, so that their checks have to fail. */
  untrusted?: boolean | undefined;
}

/** A running proxy and the environment that sends programs to it, both gone with the block. */
export interface Interception extends AsyncDisposable {
  child: PreparedChild;
  /** Which inherited settings are ignored, a sentence each. */
  notes: readonly string[];
}

/**
 * Starts a proxy that intercepts the API's hosts for programs run in its environment.
 * @throws Problem `folder_not_private` if the files cannot be written, or other users could change them.
 */
export async function openInterception(options: InterceptionOptions): Promise<Interception> {
  const { credentials, envPrefix, preload, lasts, hosts, handleOf, allowNetwork = false } = options;
  const authority = await createAuthority({ hosts, now: Date.now });
  const machine = thisMachine();
  const upstream = allowNetwork ? inheritedProxies(process.env, machine) : undefined;
  const handles = new Map(hosts.map((host) => [host, handleOf(host)]));
  const proxy = await startProxy({ ...options, hosts: handles, authority, machine, upstream });
  try {
    // Another authority of the same names, whose key signs nothing.
    const { certificate } = options.untrusted ? await createAuthority({ hosts, now: Date.now }) : authority;
    const child = prepareChild({
      proxy: proxy.url,
      hosts,
      authority: certificate,
      credentials,
      envPrefix,
      preload,
      lasts,
      allowNetwork,
      machine,
    });
    return {
      child,
      notes: [...child.notes, ...(upstream?.notes ?? [])],
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
