import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiOf, readApi, type Api } from '../../openapi/api.ts';
import type { OpenApiDocument } from '../../openapi/document.ts';
import { refuseUncheckable } from '../../openapi/security.ts';
import { defaultClinics, defaultSpec, type MockOptions } from '../options.ts';
import type { Clinic } from './clinic.ts';

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
  refuseUncheckable(api.operations);
  return { api, clinics: await readClinics(clinics, api) };
}

/** The bundled document and clinics, read and checked by the build: doing so is the slowest part of a start. */
interface PreparedWorld {
  /** Of the files from which it was read. */
  sha256: string;
  document: OpenApiDocument;
  clinics: (Omit<Clinic, 'responses'> & { responses: [operationId: string, body: unknown][] })[];
}

/** Beside the bundles, where they are one folder deep. */
const file = new URL('../world.json', import.meta.url);

/** Undefined where there was no build, or the files have changed since. */
export async function readPreparedWorld(): Promise<Played | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { sha256, document, clinics }: PreparedWorld = JSON.parse(text);
  if (sha256 !== (await hashOfFiles())) return undefined;
  return {
    api: apiOf(document),
    clinics: clinics.map((clinic) => ({ ...clinic, responses: new Map(clinic.responses) })),
  };
}

/** The text that `readPreparedWorld()` reads. */
export async function prepareWorld({ api: { document }, clinics }: Played): Promise<string> {
  const prepared: PreparedWorld = {
    sha256: await hashOfFiles(),
    document,
    clinics: clinics.map((clinic) => ({ ...clinic, responses: [...clinic.responses] })),
  };
  return JSON.stringify(prepared);
}

async function hashOfFiles(): Promise<string> {
  const names = (await readdir(defaultClinics)).toSorted();
  const hash = createHash('sha256').update(JSON.stringify(names));
  for (const each of [defaultSpec, ...names.map((name) => join(defaultClinics, name))]) {
    hash.update(
      createHash('sha256')
        .update(await readFile(each))
        .digest(),
    );
  }
  return hash.digest('hex');
}
