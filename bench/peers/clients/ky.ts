import ky from 'ky';
import type { MakeClient } from './contestant.ts';
import { handWrittenToken } from './hand-written-token.ts';

export const make: MakeClient = async (access) => {
  const token = handWrittenToken(access);
  const client = ky.extend({
    baseUrl: `${access.baseUrl}/`,
    hooks: {
      beforeRequest: [
        async ({ request }) => {
          request.headers.set('Authorization', `Bearer ${await token()}`);
        },
      ],
    },
  });
  return () => client.get('equipe/doctors').json();
};
