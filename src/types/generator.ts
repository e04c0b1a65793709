import type * as OpenapiTypescript from 'openapi-typescript';
import type TypeScript from 'typescript';
import { messageOf, Problem } from '../util/errors.ts';
import { valueAt } from '../util/json.ts';

export interface Generator {
  openapi: typeof OpenapiTypescript;
  ts: typeof TypeScript;
}

const command = 'npm install --save-dev openapi-typescript@7.13.0 typescript@5.9.3';

/**
 * Loads openapi-typescript and TypeScript, which are large and optional, on demand.
 * @throws Problem with the command that installs them.
 */
export async function loadGenerator(): Promise<Generator> {
  try {
    // TypeScript first: without its API, openapi-typescript fails with an unhelpful error.
    const { default: ts } = await import('typescript');
    if (!('factory' in ts)) throw new Error(`TypeScript ${valueAt(ts, ['version'])} has no JavaScript API.`);
    return { ts, openapi: await import('openapi-typescript') };
  } catch (error) {
    const what = 'Types cannot be written without openapi-typescript and a compatible TypeScript.';
    const reason = messageOf(error).replace(/(\n| imported from )[^]*/, '');
    const remedy = `Run \`${command}\`.`;
    throw new Problem({ code: 'generator_missing', what, facts: { reason }, remedy }, { cause: error });
  }
}
