import { createRequire } from 'node:module';
import { join } from 'node:path';
import { messageOf } from '../util/errors.ts';
import { packageFile } from '../util/files.ts';
import { fieldsOf } from '../util/json.ts';
import type { Verdict } from './verdict.ts';

/** Errors only; style is a matter of taste. */
const rules = [
  'struct',
  'no-unresolved-refs',
  'no-identical-paths',
  'no-ambiguous-paths',
  'path-declaration-must-exist',
  'path-not-include-query',
  'path-parameters-defined',
  'operation-parameters-unique',
  'operation-operationId-unique',
  'no-undefined-server-variable',
  'no-enum-type-mismatch',
  'no-required-schema-properties-undefined',
  'no-schema-type-mismatch',
  'no-example-value-and-externalValue',
  'no-invalid-media-type-examples',
  'no-invalid-parameter-examples',
  'no-invalid-schema-examples',
  'spec-components-invalid-map-name',
] as const;

/**
 * Checks the OpenAPI syntax, references and examples of a specification with Redocly's linter, whose rules name the
 * verdicts. `not verifiable` without the linter.
 * @param places paths, not necessarily of existing files, from which to look for the linter; the first wins.
 */
export async function lintSpecification(file: string, places?: string[]): Promise<Verdict[]> {
  const linter = loadLinter(places);
  if ('missing' in linter) return [{ net: 'lint', result: 'not verifiable', rule: 'linter', sentence: linter.missing }];
  const problems = await linter.lint(file);
  const verdicts = (Array.isArray(problems) ? problems : []).map(verdictOf);
  if (verdicts.length > 0) return verdicts;
  const sentence = `The specification passes all ${rules.length} lint rules.`;
  return [{ net: 'lint', result: 'holds', rule: 'lint', sentence }];
}

function verdictOf(problem: unknown): Verdict {
  const { message, ruleId, location } = fieldsOf(problem) ?? {};
  const { pointer } = fieldsOf(Array.isArray(location) ? location[0] : undefined) ?? {};
  return {
    net: 'lint',
    result: 'broken',
    rule: String(ruleId),
    sentence: String(message).replaceAll(/\s+/g, ' '),
    ...(typeof pointer === 'string' ? { pointer: pointer.replace(/^#/, '') } : {}),
  };
}

const [name, version] = ['@redocly/openapi-core', '1.34.24'];

/** The linter, or a sentence on why it is missing and how to install it. */
type LoadedLinter = { lint: (file: string) => Promise<unknown> } | { missing: string };

function loadLinter(places = [join(process.cwd(), 'any.js'), packageFile('any.js')]): LoadedLinter {
  let reason = 'it has no functions createConfig and lint';
  for (const place of places) {
    try {
      const { createConfig, lint } = fieldsOf(createRequire(place)(name)) ?? {};
      if (typeof createConfig !== 'function' || typeof lint !== 'function') continue;
      return {
        lint: async (file) => {
          const config: unknown = await createConfig({
            rules: Object.fromEntries(rules.map((rule) => [rule, 'error'])),
          });
          const problems: unknown = await lint({ ref: file, config });
          return problems;
        },
      };
    } catch (error) {
      reason = messageOf(error).split('\n')[0] ?? '';
    }
  }
  return { missing: `${name} could not be loaded (${reason}). Run \`npm install --save-dev ${name}@${version}\`.` };
}
