import type { Mock } from '../mock/instances.ts';
import type { Played } from '../mock/clinics/world.ts';
import { printEnvironment, type Shell } from '../intercept/child/index.ts';
import { openOffline, type Offline } from '../intercept/intercept.ts';
import { outlineOf } from '../intercept/discover.ts';
import { credentialsOf } from '../intercept/discovery.ts';
import { playedHosts } from '../intercept/hosts.ts';

interface Interception {
  shell: Shell;
  clinic?: string | undefined;
  hosts: readonly string[];
  allowNetwork?: boolean | undefined;
}

/**
 * Plays the real hosts of an API by a mock that runs, and prints the environment in which programs meet it.
 * @throws Problem if there is no such clinic, or the files for the environment could not be kept from others.
 */
export async function intercept(
  played: Played,
  mock: Mock,
  { shell, clinic, hosts: more, allowNetwork }: Interception,
): Promise<Offline> {
  const outline = await outlineOf(played);
  const handles = await playedHosts(played, mock.handle, more);
  const offline = await openOffline({
    credentials: credentialsOf(outline, outline.origin ?? mock.url, clinic),
    hosts: [...handles.keys()],
    handleOf: (host) => handles.get(host) ?? mock.handle,
    own: mock.handle,
    allowNetwork,
    onRefused: (host) => process.stderr.write(`arzamed: ${host} was asked for and refused.\n`),
    onTlsRefused: (host, reason) => process.stderr.write(`arzamed: ${host}: the program ${reason}\n`),
  });
  for (const note of offline.child.notes) process.stderr.write(`arzamed: ${note}\n`);
  process.stdout.write(printEnvironment(offline.child.variables, shell));
  return offline;
}
