import { format } from 'oxfmt';
import rules from '../.oxfmtrc.json' with { type: 'json' };

/**
 * A text as `npm run format` writes it.
 * @param path tells its language.
 */
export async function formatted(path: string, text: string): Promise<string> {
  const { code, errors } = await format(path, text, { ...rules, proseWrap: 'always' });
  for (const { message } of errors) throw new Error(`${path}: ${message}`);
  return code;
}
