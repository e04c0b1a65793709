import type { MakeClient } from './contestant.ts';
import { handWrittenToken } from './hand-written-token.ts';

/** The header, and a time limit. */
export const make: MakeClient = async (access) => {
  const token = await handWrittenToken(access)();
  return async () => {
    const response = await fetch(`${access.baseUrl}/equipe/doctors`, {
      headers: { Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`No doctors: ${response.status}`);
    return response.json();
  };
};
