import type { Sandbox } from '../state/sandbox.ts';

/** Says that the mock is ready, and what it plays. */
export function health({ api, fixtures }: Sandbox): {
  status: 'ok';
  api: { title: string; version: string };
  clinics: string[];
} {
  const { title, version } = api.document.info;
  return { status: 'ok', api: { title, version }, clinics: fixtures.ids() };
}
