import type { Client } from 'arzamed-devkit';
import type { Doctor } from 'arzamed-devkit/types';

/** The board of a waiting room: a line for each doctor, in the clinic's own order. */
export async function board(client: Client): Promise<string[]> {
  return (await client.listDoctors()).map((doctor) => lineOf(doctor));
}

function lineOf({ name, profileImage }: Doctor): string {
  return profileImage === null ? name : `${name} <${profileImage}>`;
}
