import { Problem } from '../util/errors.ts';

/**
 * The token, if it can stand in a header as RFC 6750 section 2.1 has it.
 * @throws Problem, which does not show it, if it cannot.
 */
export function checkControlToken(token: string): string {
  if (/^[\w.~+/-]+=*$/.test(token)) return token;
  throw new Problem({
    code: 'control_token_unusable',
    what: 'The control token cannot be used as a bearer token.',
    facts: { expected: 'letters, digits and -._~+/ only, with = at the end at most' },
    remedy: 'Choose another one with --control-token TOKEN or ARZAMED_CONTROL_TOKEN, or leave it out.',
  });
}
