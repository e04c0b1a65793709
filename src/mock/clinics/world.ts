import { readApi, type Api } from '../../openapi/api.ts';
import type { Clinic } from './clinic.ts';
import { defaultClinics, defaultSpec, type MockOptions } from '../options.ts';
import { readPreparedWorld } from '../prepared-world.ts';

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
  const usual = spec === defaultSpec && clinics === defaultClinics;
  return (usual ? await readPreparedWorld() : undefined) ?? readFiles(spec, clinics);
}

/** @throws Problem if the specification or a clinic is no good. */
async function readFiles(spec: string, clinics: string): Promise<Played> {
  const { readClinics } = await import('./read-clinics.ts');
  const api = await readApi(spec);
  return { api, clinics: await readClinics(clinics, api) };
}
