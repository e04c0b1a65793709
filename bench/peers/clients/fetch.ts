import type { MakeClient } from './contestant.ts';
import { handWrittenToken } from './hand-written-token.ts';

/** Nothing but the header, set by hand. */
export const make: MakeClient = async (access) => {
  const token = await handWrittenToken(access)();
  return async () => {
    const response = await fetch(`${access.baseUrl}/equipe/doctors`, { headers: { Authorization: `Bearer ${token}` } });
    if (!response.ok) throw new Error(`No doctors: ${response.status}`);
    return response.json();
  };
};
