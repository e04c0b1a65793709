import { api } from '../../generated/operations.ts';
import type { OpenApiDocument } from '../../openapi/document.ts';
import type { Fields } from '../../util/json.ts';
import { badRequest } from '../control/control-error.ts';

/** Whether a document is of the bundled API, of any version: clinics and contracts are bundled for that alone. */
export function isOfBundledApi({ info }: Pick<OpenApiDocument, 'info'>): boolean {
  return info.title === api.title;
}

/** What messages call the holder of keys. Options, files and the control API take both words. */
export type AccountWord = 'clinic' | 'account';

/** Only the bundled API has clinics; the holders of another one's keys are accounts. */
export function accountWord({ document }: { document: Pick<OpenApiDocument, 'info'> }): AccountWord {
  return isOfBundledApi(document) ? 'clinic' : 'account';
}

/** A sentence about clinics, without any name in it, in the word of an API. */
export function inWordsOf(word: AccountWord, sentence: string): string {
  return word === 'clinic' ? sentence : sentence.replaceAll(/\ba clinic\b/g, 'an account').replaceAll('clinic', word);
}

/** A value that has `clinic`, or `account` in its place. */
export type OrAccount<Value extends { clinic?: unknown }> =
  | Value
  | (Omit<Value, 'clinic'> & { account: Value['clinic'] });

/** A copy of fields with `clinic` for `account`. @throws ControlError `bad_request` if there are both. */
export function withClinic({ account, ...others }: Fields): Fields {
  if (account === undefined) return others;
  if (others['clinic'] === undefined) return { ...others, clinic: account };
  throw badRequest('There are both clinic and account, which are two names of one thing; give one of them.');
}

/** A path of the control API with `clinics` for `accounts` at its beginning. @param root of the control API. */
export function withClinicsPath(path: string, root: string): string {
  return path.startsWith(`${root}/accounts/`) ? `${root}/clinics/${path.slice(root.length + 10)}` : path;
}
