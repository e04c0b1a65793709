import { make as arzamed } from './arzamed.ts';
import type { MakeClient } from './contestant.ts';
import { make as fetchWithTimeout } from './fetch-with-timeout.ts';
import { make as bareFetch } from './fetch.ts';
import { make as ky } from './ky.ts';
import { make as openapiFetch } from './openapi-fetch.ts';

export const ownClient = { name: 'arzamed-devkit', make: arzamed } as const;

/** All clients that are measured: name, how it is made, and its file. */
export const clients: { name: string; make: MakeClient }[] = [
  ownClient,
  { name: 'fetch', make: bareFetch },
  { name: 'fetch with a time limit', make: fetchWithTimeout },
  { name: 'openapi-fetch', make: openapiFetch },
  { name: 'ky', make: ky },
];
