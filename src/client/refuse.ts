import { InvalidOptionError } from './errors.ts';

/** @throws InvalidOptionError that says what is wrong with an option, or with what else a caller gave by name. */
export function refuse(option: string, what: string, kind = 'option'): never {
  throw new InvalidOptionError(`The ${kind} ${option} ${what}.`, { option });
}
