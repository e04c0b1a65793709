import { Problem } from '../../util/errors.ts';
import type { ReadClinic } from './read-clinic.ts';

/**
 * Ids must be unique: a clinic's stands in its token URL, a key's in each of its tokens.
 * @throws Problem naming both places.
 */
export function refuseDuplicates(read: readonly ReadClinic[]): void {
  const clinics = new Map<string, string>();
  const keys = new Map<string, string>();
  for (const { clinic, file } of read) {
    const other = clinics.get(clinic.id);
    if (other !== undefined) {
      throw new Problem({
        code: 'clinic_duplicate',
        what: `Two clinics have the id ${clinic.id}.`,
        where: file,
        facts: { first: other, second: file },
        remedy: 'Rename one of the files; its name is the id.',
      });
    }
    clinics.set(clinic.id, file);
    for (const { clientId } of clinic.keys) {
      const holder = keys.get(clientId);
      if (holder !== undefined) {
        throw new Problem({
          code: 'key_duplicate',
          what: `Two keys have the clientId ${clientId}.`,
          where: file,
          facts: { first: holder, second: file },
          remedy: 'Give each key a clientId of its own, also across clinics.',
        });
      }
      keys.set(clientId, file);
    }
  }
}
