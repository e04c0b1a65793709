import type { ApiErrorCode } from './errors.ts';

/** For metrics and logs, without secrets and tokens. */
export type ClientEvent =
  /** A new token. `expiresAt` in milliseconds since 1970. */
  | { type: 'token_renewed'; expiresAt: number }
  /** An attempt failed; the next follows after `wait` milliseconds. `attempt` counts from 1. */
  | { type: 'retry'; operation: string; attempt: number; wait: number; reason: ApiErrorCode }
  /** The headers of any response arrived `milliseconds` after its request. */
  | {
      type: 'response';
      operation: string;
      status: number;
      milliseconds: number;
      attempt: number;
      requestId: string | undefined;
    }
  /** Does not end a call. Each client reports each warning once. */
  | { type: 'warning'; code: WarningCode; origin?: string | undefined };

/**
 * - `other_origin`: credentials would go to another `origin` than those of the specification and the token URL: by the base
 *   URL, or by a redirect, which the client does not follow.
 * - `renewal_failed`: a token could not be renewed before its end; it is still valid.
 * - `store_failed`: the token store failed; the client continues without it.
 */
export type WarningCode = 'other_origin' | 'renewal_failed' | 'store_failed';

/** Its errors and rejections are ignored: a hook must not break a call. */
export type OnEvent = (event: ClientEvent) => unknown;

/** An `OnEvent` that never throws and reports each warning once. */
export function emitter(onEvent: OnEvent | undefined): OnEvent {
  const warned = new Set<string>();
  return (event) => {
    if (event.type === 'warning') {
      const key = event.code + event.origin;
      if (warned.has(key)) return;
      warned.add(key);
    }
    // An async function turns an exception into a rejection.
    (async () => onEvent?.(event))().catch(() => {});
  };
}

/** Warns if a URL, relative to the first known one, has another origin than the known ones. */
export function warnOfOrigin({ onEvent }: { onEvent: OnEvent }, url: string, known: readonly string[]): void {
  const origin = URL.parse(url, known[0])?.origin;
  if (known.some((each) => URL.parse(each)?.origin === origin)) return;
  onEvent({ type: 'warning', code: 'other_origin', origin });
}
