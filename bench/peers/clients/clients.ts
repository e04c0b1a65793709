import { make } from './arzamed.ts';

export const ownClient = { name: 'arzamed-devkit', file: './arzamed.ts', make } as const;

/** All clients that are measured: the name of each, and its file. */
export const clients: readonly { name: string; file: string }[] = [
  ownClient,
  { name: 'fetch', file: './fetch.ts' },
  { name: 'fetch with a time limit', file: './fetch-with-timeout.ts' },
  { name: 'openapi-fetch', file: './openapi-fetch.ts' },
  { name: 'ky', file: './ky.ts' },
];
