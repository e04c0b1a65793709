// A part of the program that knows the API by types of its own, and not the client.
import type { operations } from './arzamed.ts';

type Doctors = operations['listDoctors']['responses'][200]['content']['application/json'];

export function photosOf(doctors: Doctors): string[] {
  return doctors.flatMap(({ profileImage }) => profileImage ?? []);
}
