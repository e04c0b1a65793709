import { packageFile } from '../../util/files.ts';
import { variables, type Credentials } from './environment.ts';
import { noProxy } from './no-proxy.ts';
import { makePrivateFolder } from './private-directory.ts';
import { inheritedTrust, writeTrustFiles } from './trust.ts';

export interface ChildOptions {
  /** The URL of the proxy that takes the requests to `hosts`, such as `http://127.0.0.1:40123`. */
  proxy: string;
  /** The intercepted hosts, without ports. */
  hosts: readonly string[];
  /** The certificate of the authority that signs for these hosts, in PEM. */
  authority: string;
  /** Of the clinic that the program is to meet. */
  credentials: Credentials;
  /** Whether the proxy lets other hosts be reached: then NO_PROXY keeps what it had. Default: no. */
  allowNetwork?: boolean;
  /** The environment to start from. Default: that of this process. */
  inherited?: Readonly<Record<string, string | undefined>>;
  /** Where the temporary folder is made. Default: the system's place for them. */
  parent?: string;
}

/** The environment of a child and the files that it names, which are gone with the block. */
export interface PreparedChild extends Disposable {
  /** What differs from the inherited environment; undefined stands for a variable that is taken away. */
  variables: Readonly<Record<string, string | undefined>>;
  /** The whole environment, for `runChild`. */
  env: Readonly<Record<string, string>>;
  /** What of the inherited environment has no effect any more, a sentence each. */
  notes: readonly string[];
  /** The temporary folder. */
  folder: string;
}

/**
 * Writes what a child needs to trust the mock, and makes the environment in which its requests get there.
 * @throws Problem `folder_not_private` if the files could not be kept from other users.
 */
export function prepareChild(options: ChildOptions): PreparedChild {
  const { proxy, hosts, credentials, inherited = process.env, allowNetwork = false, authority, parent } = options;
  const folder = makePrivateFolder(parent);
  try {
    const trust = inheritedTrust(inherited);
    const direct = noProxy(inherited, hosts, allowNetwork);
    const parts = {
      proxy: proxy.replace(/\/$/, ''),
      noProxy: direct.value,
      files: writeTrustFiles(folder, authority, trust, inherited['SYSTEM_WGETRC']),
      preload: packageFile('src/intercept/child/node-preload.cjs'),
      credentials,
      inherited,
    };
    const made = variables.map(({ name, value }) => [name, value(parts)] as const);
    return {
      variables: Object.fromEntries(made.filter(([name, value]) => value !== inherited[name])),
      env: definedOf({ ...inherited, ...Object.fromEntries(made) }),
      notes: [...direct.notes, ...trust.notes, ...lostTrustStores(inherited)],
      folder: folder.path,
      [Symbol.dispose]: () => folder[Symbol.dispose](),
    };
  } catch (error) {
    folder[Symbol.dispose]();
    throw error;
  }
}

function definedOf(all: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const defined = Object.entries(all).filter((each): each is [string, string] => each[1] !== undefined);
  return Object.fromEntries(defined);
}

/** A Java trust store is closed with a password of its own, so it cannot be taken over; that of an outer `exec` need not. */
function lostTrustStores(inherited: Readonly<Record<string, string | undefined>>): string[] {
  return ['JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', '_JAVA_OPTIONS'].flatMap((name) => {
    const stores = [...(inherited[name] ?? '').matchAll(/-Djavax\.net\.ssl\.trustStore=(\S+)/g)];
    const others = stores.filter(([, path = '']) => !path.includes('arzamed-exec-'));
    return others.map(
      ([, path]) =>
        `${name} names the trust store ${path}: Java programs trust the system's roots and the mock instead.`,
    );
  });
}
