// What the package has under which name, when it runs.
import type * as client from 'arzamed-devkit';
import type * as control from 'arzamed-devkit/control';
import type * as mock from 'arzamed-devkit/mock';
// @ts-expect-error What is inside has no name outside.
import type * as inside from 'arzamed-devkit/client';
// @ts-expect-error Nor has it by its file.
import type * as file from 'arzamed-devkit/dist/client/index.js';
import { same } from './same.ts';

type Errors =
  | 'ArzamedError'
  | `${'InvalidOption' | 'TokenRefused' | 'Unauthorized' | 'Forbidden' | 'Unavailable'}Error`
  | `${'Timeout' | 'Connection' | 'UnexpectedResponse'}Error`;
same<keyof typeof client, 'createClient' | 'createClientFromEnv' | 'isArzamedError' | Errors>();
same<keyof typeof mock, 'startMock' | 'ControlError' | 'Problem'>();
same<keyof typeof control, 'createControlClient' | 'ControlRefusedError' | 'ControlUnreachableError'>();
export type { file, inside };
