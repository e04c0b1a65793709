// What `onEvent` is told.
import { type ArzamedErrorCode, type ClientEvent, type OnEvent, type WarningCode } from 'arzamed-devkit';
import { same } from './same.ts';

same<OnEvent, (event: ClientEvent) => unknown>();
same<ClientEvent['type'], 'token_renewed' | 'retry' | 'response' | 'warning'>();
same<WarningCode, 'other_origin' | 'renewal_failed' | 'store_failed'>();

/** A `switch` over the type is exhaustive and narrows to what the event knows. */
export const onEvent: OnEvent = (event) => {
  switch (event.type) {
    case 'token_renewed':
      return same<typeof event, { type: 'token_renewed'; expiresAt: number }>();
    case 'retry':
      return same<
        typeof event,
        { type: 'retry'; operation: string; attempt: number; wait: number; reason: ArzamedErrorCode }
      >();
    case 'response':
      return same<
        typeof event,
        {
          type: 'response';
          operation: string;
          status: number;
          milliseconds: number;
          attempt: number;
          requestId: string | undefined;
        }
      >();
    case 'warning':
      return same<typeof event, { type: 'warning'; code: WarningCode; origin?: string | undefined }>();
    default:
      return event satisfies never;
  }
};

declare const event: ClientEvent;
// @ts-expect-error Only a response has a status.
void event.status;
// @ts-expect-error There is no such event.
void (event.type === 'request');
