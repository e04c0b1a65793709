import { noSuch } from '../no-such.ts';
import { ControlError } from './control-error.ts';

/** The error of a request that names what does not exist; says what there is. See `noSuch` for the parameters. */
export function notFound(kind: string, name: string, known: readonly string[]): ControlError {
  return new ControlError('not_found', noSuch(kind, name, known));
}
