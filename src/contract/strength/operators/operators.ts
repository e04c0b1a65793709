import type { Operator } from '../mutant.ts';
import { bodyOperators } from './bodies.ts';
import { controlOperators } from './controls.ts';
import { oauthOperators } from './oauth.ts';
import { presenceOperators } from './presence.ts';
import { requestOperators } from './requests.ts';
import { securityOperators } from './security.ts';
import { statusOperators } from './statuses.ts';
import { typeOperators } from './types.ts';
import { valueOperators } from './values.ts';

/** Every kind of change that a provider may undergo, those that break nobody included. */
export const operators: readonly Operator[] = [
  ...presenceOperators,
  ...typeOperators,
  ...valueOperators,
  ...bodyOperators,
  ...statusOperators,
  ...requestOperators,
  ...oauthOperators,
  ...securityOperators,
  ...controlOperators,
];
