import { readApi, type Api } from '../spec/api.ts';
import type { Clinic } from './clinics/clinic.ts';
import { readClinics } from './clinics/read-clinics.ts';
import { defaultClinics, defaultSpec, type MockOptions } from './options.ts';

/** What a mock plays: an API, and the clinics that use it. */
export interface Played {
  api: Api;
  clinics: Clinic[];
}

/** @throws Problem if the specification or a clinic is no good. */
export async function readWorld({
  spec = defaultSpec,
  clinics = defaultClinics,
}: Pick<MockOptions, 'spec' | 'clinics'>): Promise<Played> {
  const api = await readApi(spec);
  return { api, clinics: await readClinics(clinics, api) };
}
