import { browserOrigin } from './browser-origin.ts';
import { clinicInPath } from './clinic-in-path.ts';
import { credentialsInQuery } from './credentials-in-query.ts';
import { expiredTokenUsed } from './expired-token-used.ts';
import { retriedAfterForbidden } from './retried-after-forbidden.ts';
import { retriedWithoutBackoff } from './retried-without-backoff.ts';
import type { Rule } from './rule.ts';
import { secretInForm } from './secret-in-form.ts';
import { tokenNotCached } from './token-not-cached.ts';
import { unavailableNotRetried } from './unavailable-not-retried.ts';

/** What is looked for. */
export const rules: readonly Rule[] = [
  credentialsInQuery,
  browserOrigin,
  secretInForm,
  clinicInPath,
  tokenNotCached,
  expiredTokenUsed,
  unavailableNotRetried,
  retriedWithoutBackoff,
  retriedAfterForbidden,
];
