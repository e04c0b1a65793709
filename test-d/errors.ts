// What a program can decide by when a call fails.
import {
  type ConnectionError,
  type ForbiddenError,
  type InvalidOptionError,
  isArzamedError,
  type TimeoutError,
  type TokenRefusedError,
  type UnauthorizedError,
  type UnavailableError,
  type UnexpectedResponseError,
  type ArzamedErrorCode,
  type ArzamedFailure,
} from 'arzamed-devkit';
import { same } from './same.ts';

declare const caught: unknown;
declare const failure: ArzamedFailure;

same<
  ArzamedErrorCode,
  | 'invalid_option'
  | 'token_refused'
  | 'unauthorized'
  | 'forbidden'
  | 'unavailable'
  | 'timeout'
  | 'connection_failed'
  | 'unexpected_response'
>();
same<ArzamedFailure['code'], ArzamedErrorCode>();

// What was caught is nothing that is known, until it is asked.
// @ts-expect-error It may be anything.
void caught.code;
same<Parameters<typeof isArzamedError>, [error: unknown]>();
if (isArzamedError(caught)) same<typeof caught, ArzamedFailure>();
else same<typeof caught, unknown>();

/** A `switch` over the code is exhaustive and narrows to the class. */
export function classOf(error: ArzamedFailure): string {
  switch (error.code) {
    case 'invalid_option':
      same<typeof error, InvalidOptionError>();
      return error.option;
    case 'token_refused':
      same<typeof error, TokenRefusedError>();
      return 'a';
    case 'unauthorized':
      same<typeof error, UnauthorizedError>();
      return 'b';
    case 'forbidden':
      same<typeof error, ForbiddenError>();
      return 'c';
    case 'unavailable':
      same<typeof error, UnavailableError>();
      return 'd';
    case 'timeout':
      same<typeof error, TimeoutError>();
      return 'e';
    case 'connection_failed':
      same<typeof error, ConnectionError>();
      return 'f';
    case 'unexpected_response':
      same<typeof error, UnexpectedResponseError>();
      return 'g';
    default:
      return error satisfies never;
  }
}

// A `switch` that forgets one leaves it to the end, where a compiler asks for it.
if (failure.code !== 'forbidden') {
  // @ts-expect-error Seven are left.
  failure satisfies never;
}
// @ts-expect-error There is no such code.
void (failure.code === 'not_found');
// @ts-expect-error Only some know it.
void failure.retryAfter;
same<typeof failure.upstreamStatus, number | undefined>();
// @ts-expect-error Web frameworks would answer their visitors with it.
void failure.status;
// @ts-expect-error The code is a fact.
failure.code = 'timeout';
