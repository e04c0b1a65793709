import { Problem } from '../util/errors.ts';

/** Collects the values of an option that may be repeated. */
export const collect = (value: string, all: string[] = []): string[] => [...all, value];

/** Collects hosts. @throws Problem if one is something else. */
export function collectHosts(host: string, all: string[]): string[] {
  const name = host.toLowerCase();
  if (URL.canParse(`https://${name}`) && new URL(`https://${name}`).host === name) return [...all, name];
  throw new Problem({
    code: 'option_invalid',
    what: 'Expected the name of a host, and nothing around it.',
    facts: { found: host, expected: 'such as api.example.com' },
    remedy: 'Leave out https://, a path, a port.',
  });
}
