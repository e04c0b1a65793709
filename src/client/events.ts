import type { ArzamedErrorCode } from './errors.ts';

/** What `onEvent` is told: enough for metrics and logs, never a secret or a token. */
export type ClientEvent =
  /** The token endpoint gave a token. `expiresAt` in milliseconds since 1970. */
  | { type: 'token_renewed'; expiresAt: number }
  /** An attempt failed, and the next one follows after `wait` milliseconds. `attempt` counts from 1. */
  | {
      type: 'retry';
      operation: string;
      attempt: number;
      wait: number;
      reason: ArzamedErrorCode;
    }
  /** The head of an answer came, whatever its status, `milliseconds` after its request. */
  | {
      type: 'response';
      operation: string;
      status: number;
      milliseconds: number;
      attempt: number;
      requestId: string | undefined;
    }
  /** Something that does not end a call but wants a person's look. Each is told once by a client. */
  | { type: 'warning'; code: WarningCode; origin?: string | undefined };

/**
 * - `other_origin`: the client was asked to send credentials to another origin: by a base URL that is neither a server of
 *   the specification nor beside the token URL, where tokens go; or by a redirect, which the client does not follow.
 *   `origin` says which; other warnings have none.
 * - `renewal_failed`: a token could not be renewed before its end. The one at hand still holds.
 * - `store_failed`: the token store failed. The client goes on without it.
 */
export type WarningCode = 'other_origin' | 'renewal_failed' | 'store_failed';

/** Is told of events. What it throws, also later, is dropped: a hook must not break a call. */
export type OnEvent = (event: ClientEvent) => unknown;

/** An `OnEvent` that neither throws nor tells a warning twice. */
export function emitter(onEvent: OnEvent | undefined): OnEvent {
  const warned = new Set<string>();
  return (event) => {
    if (!onEvent) return;
    if (event.type === 'warning') {
      const key = event.code + event.origin;
      if (warned.has(key)) return;
      warned.add(key);
    }
    // An async function turns what the hook throws into a rejection, like that of an asynchronous hook.
    (async () => onEvent(event))().catch(() => {});
  };
}

/** Warns if credentials shall go to a URL, or from the first one by a relative one, of another origin than those known. */
export function warnOfOrigin({ onEvent }: { onEvent: OnEvent }, url: string, known: readonly string[]): void {
  const origin = URL.parse(url, known[0])?.origin;
  if (known.some((each) => URL.parse(each)?.origin === origin)) return;
  onEvent({ type: 'warning', code: 'other_origin', origin });
}
