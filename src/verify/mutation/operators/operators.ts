import type { Operator } from '../mutant.ts';
import { bodyOperators } from './answers.ts';
import { controlOperators } from './controls.ts';
import { oauthOperators } from './oauth.ts';
import { presenceOperators } from './fields.ts';
import { requestOperators } from './requests.ts';
import { securityOperators } from '../../../contract/strength/operators/security.ts';
import { statusOperators } from '../../../contract/strength/operators/statuses.ts';
import { typeOperators } from '../../../contract/strength/operators/types.ts';
import { valueOperators } from '../../../contract/strength/operators/values.ts';

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
