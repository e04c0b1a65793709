import { readdirSync, readlinkSync } from 'node:fs';
import { attempt } from '../../util/errors.ts';

/**
 * What this process has inherited beside stdin, stdout and stderr, on Linux. Node closes these for its children unless they
 * are named. To be called before anything else opens a file.
 */
export function inheritedDescriptors(): number[] {
  const links = new Map<number, string>();
  for (const name of attempt(() => readdirSync('/proc/self/fd')) ?? []) {
    const link = attempt(() => readlinkSync(`/proc/self/fd/${name}`));
    if (Number(name) > 2 && link !== undefined) links.set(Number(name), link);
  }
  // Node opens event watchers, one before all else, and pipes with both ends in this process.
  const isWatcher = (link: string): boolean => link.startsWith('anon_inode:');
  const first = Math.min(...[...links].flatMap(([at, link]) => (isWatcher(link) ? [at] : [])));
  const ends = (link: string): number => [...links.values()].filter((each) => each === link).length;
  const isOwn = (at: number, link: string): boolean =>
    isWatcher(link) || (at > first && link.startsWith('pipe:') && ends(link) > 1);
  return [...links].flatMap(([at, link]) => (isOwn(at, link) ? [] : [at]));
}
