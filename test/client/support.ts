import { createClient, type Client, type ClientEvent, type ClientOptions } from '../../src/client/index.ts';

export const secret = 'canary-secret';
export const tokenUrl = 'https://token.invalid/oauth2/token';
export const baseUrl = 'https://api.invalid/v1';

export interface Asked {
  url: string;
  init: RequestInit;
  authorization: string | null;
}

type Answer = (asked: Asked) => Response | Promise<Response>;

/** A client whose requests are answered by functions, on a clock that only its own waits and the test move. */
export class Scripted {
  /** Milliseconds since 1970. */
  time = 1_000_000_000_000;
  readonly tokenRequests: Asked[] = [];
  readonly calls: Asked[] = [];
  readonly waits: number[] = [];
  readonly events: ClientEvent[] = [];
  readonly client: Client;

  constructor(answers: { token?: Answer; call?: Answer } = {}, options: Partial<ClientOptions> = {}) {
    const { token = () => tokenAnswer(`canary-token-${this.tokenRequests.length}`), call = () => Response.json([]) } =
      answers;
    this.client = createClient({
      tokenUrl,
      clientId: 'bianchi-backend',
      clientSecret: secret,
      baseUrl,
      now: () => this.time,
      random: () => 1,
      sleep: async (milliseconds) => {
        this.waits.push(milliseconds);
        this.time += milliseconds;
      },
      onEvent: (event) => this.events.push(event),
      fetch: async (url, init) => {
        const asked = { url, init, authorization: new Headers(init.headers).get('authorization') };
        const isToken = url === tokenUrl;
        (isToken ? this.tokenRequests : this.calls).push(asked);
        return (isToken ? token : call)(asked);
      },
      ...options,
    });
  }

  /** The codes of the warnings so far. */
  get warnings(): string[] {
    return this.events.flatMap((event) => (event.type === 'warning' ? [event.code] : []));
  }
}

export function tokenAnswer(accessToken = 'canary-token', expiresIn: unknown = 3600): Response {
  return Response.json({ access_token: accessToken, token_type: 'Bearer', expires_in: expiresIn });
}

/** Gives each answer once, the last one for ever. */
export function oneAfterTheOther(...answers: [...Answer[], Answer]): Answer {
  let next = 0;
  return (asked) => {
    const answer = answers[Math.min(next, answers.length - 1)];
    next += 1;
    return answer?.(asked) ?? Response.error();
  };
}

export const status =
  (code: number, headers: Record<string, string> = {}) =>
  (): Response =>
    new Response(null, { status: code, headers });

/** What an action rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: unknown) => error,
  );
}

/** Lets everything run that is ready to run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
