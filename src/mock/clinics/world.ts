import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiOf, readApi, type Api } from '../../openapi/api.ts';
import type { OpenApiDocument } from '../../openapi/document.ts';
import { parseObject } from '../../util/json.ts';
import { Problem } from '../../util/errors.ts';
import { displayPath } from '../../util/files.ts';
import { defaultClinics, defaultSpec, type MockOptions } from '../options.ts';
import { isOfBundledApi } from './account.ts';
import type { Clinic } from './clinic.ts';

export interface Played {
  api: Api;
  clinics: Clinic[];
}

/** @throws Problem if the specification or a clinic is invalid. */
export async function readWorld({
  spec = defaultSpec,
  accounts,
  clinics = accounts,
}: Pick<MockOptions, 'spec' | 'clinics' | 'accounts'>): Promise<Played> {
  if (accounts !== undefined && accounts !== clinics) {
    throw new Problem({
      code: 'option_invalid',
      what: 'There are both clinics and accounts, which are two names of one folder.',
      remedy: 'Give one of them.',
    });
  }
  const usual = spec === defaultSpec && (clinics ?? defaultClinics) === defaultClinics;
  return (usual ? await readPreparedWorld() : undefined) ?? readFiles(spec, clinics);
}

async function readFiles(spec: string, given: string | undefined): Promise<Played> {
  // The places in the file are not kept: they take as much memory as it does.
  const { locate: _, ...api } = await readApi(spec);
  const folder = given ?? (isOfBundledApi(api.document) ? defaultClinics : undefined);
  if (folder === undefined) return { api, clinics: [account] };
  const { readClinics } = await import('./read-clinics.ts');
  try {
    return { api, clinics: await readClinics(folder, api) };
  } catch (cause) {
    if (given !== undefined || !(cause instanceof Problem)) throw cause;
    const what = 'The bundled clinics do not fit this document, which has the title of the bundled one.';
    const remedy = 'Name clinics of your own with --clinics FOLDER, or give the document another title.';
    const [reason = '', ...details] = cause.message.split('\n').slice(0, -1);
    const facts = { reason, found: details.map((line) => line.trim().replaceAll(/ +/g, ' ')).join(', ') };
    throw new Problem({ code: cause.code, what, where: displayPath(spec), facts, remedy }, { cause });
  }
}

/** Stands for the clinics of a document that come without files: its answers are those of the document. */
const account: Clinic = {
  id: 'account',
  name: 'Account',
  keys: [
    {
      clinic: 'account',
      clientId: 'account-backend',
      clientSecret: 'not-a-secret-account-backend',
      status: 'active',
      expiresAt: undefined,
    },
  ],
  responses: new Map(),
};

/** The bundled world, which the build has read and checked: that takes longer than the rest of a start. */
interface PreparedWorld {
  sha256: string;
  document: OpenApiDocument;
  clinics: (Omit<Clinic, 'responses'> & { responses: [operationId: string, body: unknown][] })[];
}

/** Beside the bundles, which are one folder deep. */
const file = new URL('../world.json', import.meta.url);

/** Undefined without a build, or if the files have changed since. */
async function readPreparedWorld(): Promise<Played | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const prepared = parseObject(text);
  if (prepared?.['sha256'] !== (await hashOfFiles())) return undefined;
  const { document, clinics } = accepted(prepared);
  return {
    api: apiOf(document),
    clinics: clinics.map((clinic) => ({ ...clinic, responses: new Map(clinic.responses) })),
  };
}

/** The hash shows that the build wrote this from valid files. */
function accepted(prepared: object): PreparedWorld;
function accepted(prepared: object): object {
  return prepared;
}

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
    const content = createHash('sha256').update(await readFile(each));
    hash.update(content.digest());
  }
  return hash.digest('hex');
}
