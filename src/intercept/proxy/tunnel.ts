import { pipeline, type Duplex } from 'node:stream';
import { messageOf } from '../../spec/thrown.ts';
import type { Connections } from './connections.ts';
import type { Reach } from '../../offline/proxy/reach.ts';
import { say } from './respond.ts';
import { authorityForm, type Target } from './target.ts';

export const established = 'HTTP/1.1 200 Connection Established\r\n\r\n';

/** Connects a program with its target and lets the bytes pass, whatever they are. */
export async function tunnel(program: Duplex, target: Target, reach: Reach, connections: Connections): Promise<void> {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  program.once('close', leave);
  try {
    const remote = await reach(target, gone.signal);
    connections.add(remote);
    program.off('close', leave);
    program.write(established);
    pipeline(program, remote, () => {});
    pipeline(remote, program, () => {});
  } catch (error) {
    say(program, 502, `${authorityForm(target)} cannot be reached: ${messageOf(error)}.`);
  }
}
