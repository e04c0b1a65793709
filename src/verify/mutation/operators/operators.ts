import type { Operator } from '../mutant.ts';
import { bodyOperators, statusOperators } from './answers.ts';
import { controlOperators } from './controls.ts';
import { presenceOperators, typeOperators, valueOperators } from './fields.ts';
import { oauthOperators, securityOperators } from './oauth.ts';
import { requestOperators } from './requests.ts';

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
