import type * as OpenapiTypescript from 'openapi-typescript';
import type TypeScript from 'typescript';
import { messageOf, Problem } from '../util/errors.ts';

export interface Generator {
  openapi: typeof OpenapiTypescript;
  ts: typeof TypeScript;
}

const command = 'npm install --save-dev openapi-typescript@7.13.0 typescript@5.9.3';

/**
 * Loads openapi-typescript and TypeScript. They weigh more than all the rest, so they are loaded when types are written
 * and not before, and need not be installed.
 * @throws Problem with the command that installs them.
 */
export async function loadGenerator(): Promise<Generator> {
  try {
    // TypeScript first: without its API, openapi-typescript stops with a mistake that says nothing.
    const { default: ts } = await import('typescript');
    if (!('factory' in ts)) throw new Error(`TypeScript ${versionOf(ts)} has no API for programs.`);
    return { ts, openapi: await import('openapi-typescript') };
  } catch (error) {
    throw new Problem(
      {
        code: 'generator_missing',
        what: 'Types cannot be written without openapi-typescript and a TypeScript that it can use.',
        facts: {
          reason: messageOf(error)
            .split('\n')[0]
            ?.replace(/ imported from .*/, ''),
        },
        remedy: `Run \`${command}\`.`,
      },
      { cause: error },
    );
  }
}

function versionOf(ts: object): string {
  return 'version' in ts ? String(ts.version) : '';
}
