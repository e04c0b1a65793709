import { thisMachine, type Machine } from '../machine.ts';
import { trustVariables, variables, type ClinicCredentials } from './environment.ts';
import { noProxy } from './no-proxy.ts';
import type { PrintedVariable } from './print-environment.ts';
import { makePrivateFolder } from './private-directory.ts';
import { writePhpSettings, writeStartUpFiles } from './start-up.ts';
import { inheritedTrust, writeTrustFiles } from './trust.ts';

export interface ChildOptions {
  /** URL of the proxy, such as `http://127.0.0.1:40123`. */
  proxy: string;
  /** The intercepted hosts, without ports. */
  hosts: readonly string[];
  /** The certificate of the authority that signs for these hosts, in PEM. */
  authority: string;
  credentials: ClinicCredentials;
  /** What the names of its variables begin with instead of `ARZAMED`. */
  envPrefix?: string | undefined;
  /** Whether the proxy allows other hosts: then NO_PROXY keeps its entries. Default: no. */
  allowNetwork?: boolean;
  /** Whether runtimes load files of ours before a program, which reaches more clients than variables do. Default: yes. */
  preload?: boolean | undefined;
  /** Whether the environment may be used after the block, as one that is printed for a shell. Default: no. */
  lasts?: boolean | undefined;
  /** Default: the environment of this process. */
  inherited?: Readonly<Record<string, string | undefined>>;
  machine?: Machine;
  /** Where the temporary folder is made. Default: the system's. */
  parent?: string;
}

/** The environment of a child, with its files, which are removed with the block. */
export interface PreparedChild extends Disposable {
  /** The changes to the inherited environment; undefined unsets a variable. */
  variables: Readonly<Record<string, string | undefined>>;
  /** All of its variables, for a shell with an environment of its own. */
  printed: readonly PrintedVariable[];
  /** The whole environment, for `runChild`. */
  env: Readonly<Record<string, string>>;
  /** Which inherited settings are ignored, a sentence each. */
  notes: readonly string[];
  folder: string;
}

/**
 * Writes the trust files of a child and makes its environment.
 * @throws Problem `folder_not_private` if the files cannot be written, or other users could change them.
 */
export function prepareChild(options: ChildOptions): PreparedChild {
  const { proxy, hosts, credentials, inherited = process.env, allowNetwork = false, authority, parent } = options;
  const { machine = thisMachine() } = options;
  const own = `${options.envPrefix ?? 'ARZAMED'}_`;
  const folder = makePrivateFolder(parent);
  try {
    const trust = inheritedTrust(inherited, trustVariables);
    const direct = noProxy(inherited, hosts, allowNetwork, machine);
    const { preload = true, lasts = false } = options;
    const files = writeTrustFiles(folder, authority, trust, inherited['SYSTEM_WGETRC']);
    const startUp = preload ? writeStartUpFiles(folder, lasts, inherited['PATH']) : undefined;
    const parts = {
      proxy: proxy.replace(/\/$/, ''),
      noProxy: direct.value,
      hosts,
      files,
      php: writePhpSettings(folder, files.bundle, startUp?.php),
      startUp,
      credentials,
      inherited,
    };
    const named = variables.map(({ name, value }) => ({ name, value, own: name.replace(/^ARZAMED_(?!EXEC_)/, own) }));
    const made = named.map((each) => [each.own, each.value(parts)] as const);
    const after = (name: string, text?: string): typeof parts => ({
      ...parts,
      inherited: { ...inherited, [name]: text },
    });
    return {
      variables: Object.fromEntries(made.filter(([name, value]) => value !== inherited[name])),
      printed: named
        .map(({ name, value, own: printedName }) => ({
          name: printedName,
          value: value(after(name)),
          around: around(value(after(name, marker))),
        }))
        // What stays as the shell has it is not touched.
        .filter((each) => each.around?.join('') !== ''),
      env: Object.fromEntries(
        Object.entries({ ...inherited, ...Object.fromEntries(made) }).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, value]],
        ),
      ),
      notes: [...direct.notes, ...trust.notes, ...lostTrustStores(inherited), ...(startUp?.notes ?? [])],
      folder: folder.path,
      [Symbol.dispose]: () => folder[Symbol.dispose](),
    };
  } catch (error) {
    folder[Symbol.dispose]();
    throw error;
  }
}

/** Stands for a value that only the shell knows, to find out what is put around it. */
const marker = '@inherited@';

function around(extended: string | undefined): PrintedVariable['around'] {
  const [before, after] = extended?.split(marker) ?? [];
  return before === undefined || after === undefined ? undefined : [before, after];
}

/** Java trust stores have passwords, so they cannot be merged; that of an outer `exec` need not be. */
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
