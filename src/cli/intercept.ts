import type { Mock } from '../mock/instances.ts';
import type { Played } from '../mock/clinics/world.ts';
import { printEnvironment, type Shell } from '../intercept/child/index.ts';
import { openInterception, type Interception } from '../intercept/intercept.ts';
import { discover } from '../intercept/discover.ts';
import { credentialsOf } from '../intercept/discovery.ts';
import { interceptedHosts } from '../intercept/hosts.ts';

interface InterceptionRequest {
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
  { shell, clinic, hosts: more, allowNetwork }: InterceptionRequest,
): Promise<Interception> {
  const discovery = await discover(played);
  const handles = await interceptedHosts(played, mock.handle, more);
  const interception = await openInterception({
    credentials: credentialsOf(discovery, discovery.origin ?? mock.url, clinic),
    hosts: [...handles.keys()],
    handleOf: (host) => handles.get(host) ?? mock.handle,
    own: mock.handle,
    allowNetwork,
    onRefused: (host) => process.stderr.write(`arzamed: ${host} was asked for and refused.\n`),
    onTlsRefused: (host, reason) => process.stderr.write(`arzamed: ${host}: the program ${reason}\n`),
  });
  for (const note of interception.child.notes) process.stderr.write(`arzamed: ${note}\n`);
  process.stdout.write(printEnvironment(interception.child.variables, shell));
  return interception;
}
