import type { Clinic } from './clinic.ts';

/** A secret that is good in one sandbox only shows a program that has mixed up two. */
export function withOwnSecrets(clinic: Clinic, newId: () => string): Clinic {
  const keys = clinic.keys.map((key) => ({ ...key, clientSecret: `not-a-secret-${newId()}` }));
  return { ...clinic, keys };
}
