import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readClinics } from '../../src/mock/clinics/read-clinics.ts';
import { startMock } from '../../src/mock/index.ts';
import { readApi } from '../../src/openapi/api.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const clinics = await readClinics('mocks/clinics', await readApi('openapi/arzamed.yaml'));

interface Doctor {
  name: string;
  profileImage: string | null;
}

function doctorsOf(id: string): Doctor[] {
  const answer = clinics.find((clinic) => clinic.id === id)?.responses.get('listDoctors');
  return Array.isArray(answer) ? answer : [];
}

describe('the bundled clinics', () => {
  // Reading them checks each answer against the specification, so this test fails where one does not conform.
  test('are one for each file', async () => {
    expect(clinics.map(({ id }) => `${id}.yaml`)).toEqual((await readdir('mocks/clinics')).toSorted());
  });

  test('are refused with a remedy where an edited document does not fit them', async () => {
    const text = (await readFile('openapi/arzamed.yaml', 'utf8')).replaceAll('profileImage', 'photoUrl');
    await using folder = await temporaryFolder({ 'spec.yaml': text });
    const said = /bundled clinics do not fit this document.*bianchi\.yaml:\d+: .*photoUrl.*--clinics FOLDER/s;
    await expect(startMock({ spec: join(folder.path, 'spec.yaml') })).rejects.toThrow(said);
  });

  test('have secrets that are plainly none', () => {
    const secrets = clinics.flatMap(({ keys }) => keys.map(({ clientSecret }) => clientSecret));
    for (const secret of secrets) expect(secret).toMatch(/^not-a-secret-/);
  });

  test("have the vendor's sample", () => {
    expect(doctorsOf('bianchi').map(({ name }) => name)).toEqual([
      'Dr. Marco Bianchi',
      'Dr. Sofia Ricci',
      'Dr. Luca Ferrari',
    ]);
  });

  test('have a large one with what breaks a layout or an encoding', () => {
    const doctors = doctorsOf('san-giorgio');
    expect(doctors.length).toBeGreaterThanOrEqual(60);
    expect(doctors.some(({ name }) => name.includes("'"))).toBe(true);
    expect(doctors.some(({ name }) => /[àèéìòù]/i.test(name))).toBe(true);
    expect(Math.max(...doctors.map(({ name }) => name.length))).toBeGreaterThan(80);
    expect(doctors.some(({ profileImage }) => profileImage === null)).toBe(true);
    expect(new Set(doctors.map(({ name }) => name)).size).toBeLessThan(doctors.length);
  });

  test('have an empty one', () => {
    expect(clinics.find(({ id }) => id === 'nuovo')?.responses.get('listDoctors')).toEqual([]);
  });

  test('have keys of every status', () => {
    const statuses = clinics.flatMap(({ keys }) => keys.map(({ status }) => status));
    expect([...new Set(statuses)].toSorted()).toEqual(['active', 'expired', 'revoked']);
  });
});
