import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { isOfBundledApi } from '../mock/clinics/account.ts';
import type { OpenApiDocument } from '../openapi/document.ts';
import { packageFile } from '../util/files.ts';

const folder = 'contracts';

/** The path of contracts, where none was named. */
export interface UsualContracts {
  path: string | undefined;
  isBundled: boolean;
}

/** The bundled contracts are with the bundled API alone; for any other one, those of the project's folder count. */
export function usualContracts(document: OpenApiDocument): UsualContracts {
  const bundled = packageFile(folder);
  if (isOfBundledApi(document)) return { path: bundled, isBundled: true };
  const isThere = existsSync(folder) && readdirSync(folder).some((file) => file.endsWith('.json'));
  return { path: isThere && resolve(folder) !== resolve(bundled) ? folder : undefined, isBundled: false };
}
