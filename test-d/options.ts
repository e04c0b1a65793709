// What a client is made of: what must be given, and what may be left out or be undefined.
import {
  createClient,
  type ClientOptions,
  type Fetch,
  type OnEvent,
  type StoredToken,
  type TokenStore,
} from 'arzamed-devkit';
import { same, type RequiredKeys } from './same.ts';

same<Parameters<typeof createClient>, [options: ClientOptions]>();
same<RequiredKeys<ClientOptions>, 'tokenUrl' | 'clientId' | 'clientSecret'>();
same<
  ClientOptions,
  {
    tokenUrl: string;
    clientId: string;
    clientSecret: string;
    baseUrl?: string | undefined;
    scope?: string | undefined;
    attempts?: number | undefined;
    attemptTimeout?: number | undefined;
    totalTimeout?: number | undefined;
    tokenStore?: TokenStore | undefined;
    onEvent?: OnEvent | undefined;
    dangerouslyAllowBrowser?: boolean | undefined;
    fetch?: Fetch | undefined;
    now?: (() => number) | undefined;
    random?: (() => number) | undefined;
    sleep?: ((milliseconds: number, signal?: AbortSignal) => Promise<void>) | undefined;
  }
>();

const needed = { tokenUrl: 'https://a.example', clientId: 'a', clientSecret: 'b' };
createClient(needed);
// @ts-expect-error No option is left to chance.
createClient();
// @ts-expect-error The secret is missing.
createClient({ tokenUrl: 'https://a.example', clientId: 'a' });
// @ts-expect-error What the environment may lack is not a URL yet.
createClient({ ...needed, tokenUrl: undefined });
// @ts-expect-error The name of an option was misspelled.
createClient({ ...needed, baseURL: 'https://a.example' });
// @ts-expect-error A URL is given as a text.
createClient({ ...needed, baseUrl: new URL('https://a.example') });
createClient({ ...needed, baseUrl: undefined, attempts: undefined, tokenStore: undefined, onEvent: undefined });

// The global `fetch` is one, and so is what needs less of it.
same<Fetch, (url: string, init: RequestInit) => Promise<Response>>();
createClient({ ...needed, fetch });
createClient({ ...needed, fetch: async (url) => new Response(url) });
// @ts-expect-error An answer is promised.
createClient({ ...needed, fetch: () => new Response() });

// A `Map` keeps tokens, and so does what answers later.
same<StoredToken, { accessToken: string; obtainedAt: number; expiresAt: number }>();
same<TokenStore['get'], (key: string) => Promise<StoredToken | undefined> | StoredToken | undefined>();
same<TokenStore['set'], (key: string, token: StoredToken) => unknown>();
createClient({ ...needed, tokenStore: new Map<string, StoredToken>() });
createClient({ ...needed, tokenStore: { get: async () => undefined, set: async () => 'OK' } });
// @ts-expect-error A store that knows nothing says undefined.
createClient({ ...needed, tokenStore: { get: () => null, set: () => {} } });
// @ts-expect-error What is got is a token with its times, no text.
createClient({ ...needed, tokenStore: new Map<string, string>() });
// @ts-expect-error What cannot keep a token is no store.
createClient({ ...needed, tokenStore: { get: () => undefined } });

// Nobody looks at what the hook gives, so it may be asynchronous.
createClient({ ...needed, onEvent: async () => {} });
// @ts-expect-error It is told of one event.
createClient({ ...needed, onEvent: (event, other) => [event, other] });
