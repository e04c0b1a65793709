import type { Mock } from '../mock/mock.ts';
import type { Played } from '../mock/read-world.ts';
import { printEnvironment, type Shell } from '../offline/child/index.ts';
import { credentialsOf, realOrigin } from '../offline/credentials.ts';
import { openOffline, type Offline } from '../offline/open-offline.ts';

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
  { shell, clinic, hosts, allowNetwork }: Interception,
): Promise<Offline> {
  const offline = await openOffline(played, {
    credentials: credentialsOf(played, realOrigin(played) ?? mock.url, clinic),
    handle: mock.handle,
    more: hosts,
    allowNetwork,
    onRefused: (host) => process.stderr.write(`arzamed: ${host} was asked for and refused.\n`),
    onTlsRefused: (host, reason) => process.stderr.write(`arzamed: ${host}: the program ${reason}\n`),
  });
  for (const note of offline.child.notes) process.stderr.write(`arzamed: ${note}\n`);
  process.stdout.write(printEnvironment(offline.child.variables, shell));
  return offline;
}
