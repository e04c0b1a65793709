import createClient from 'openapi-fetch';
import type { MakeClient } from './contestant.ts';
import { handWrittenToken } from './hand-written-token.ts';

export const make: MakeClient = async (access) => {
  const token = handWrittenToken(access);
  const client = createClient({ baseUrl: access.baseUrl });
  client.use({
    onRequest: async ({ request }) => {
      request.headers.set('Authorization', `Bearer ${await token()}`);
      return request;
    },
  });
  return async () => {
    const { data, response } = await client.GET('/equipe/doctors');
    if (!response.ok) throw new Error(`No doctors: ${response.status}`);
    return data;
  };
};
