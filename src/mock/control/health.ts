import { jsonReply, type Reply } from '../reply.ts';
import type { Sandbox } from '../sandbox.ts';

/** Says that the mock is ready, and what it plays. */
export function health({ api, clinics }: Sandbox): Reply {
  const { title, version } = api.document.info;
  return jsonReply(200, { status: 'ok', api: { title, version }, clinics: [...clinics.keys()] });
}
