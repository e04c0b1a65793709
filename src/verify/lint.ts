import { fieldsOf } from '../pact/input.ts';
import { gives, loadTool, type Loaded } from './load-tool.ts';
import type { Verdict } from './verdict.ts';

/** What makes a specification wrong. How one is written is a matter of taste, and none of a contract. */
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
 * Looks at a specification by itself: that it keeps to OpenAPI, that its references lead somewhere, that its examples are as its
 * schemas have them. By Redocly's linter, whose rules name the verdicts; `not verifiable` where that is not installed.
 * @param file of the specification.
 * @param places see `loadTool()`.
 */
export async function lintSpecification(file: string, places?: readonly string[]): Promise<Verdict[]> {
  const loaded = loadLinter(places);
  if ('missing' in loaded) return [{ net: 'lint', result: 'not verifiable', rule: 'linter', sentence: loaded.missing }];
  const { createConfig, lint } = loaded.tool;
  const config = await createConfig({ rules: Object.fromEntries(rules.map((rule) => [rule, 'error'])) });
  const problems = await lint({ ref: file, config });
  const verdicts = (Array.isArray(problems) ? problems : []).map(verdictOf);
  if (verdicts.length > 0) return verdicts;
  const sentence = `The specification keeps the ${rules.length} rules that make one wrong where it breaks them.`;
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

/** What is used of @redocly/openapi-core, whose own types ask for those of packages that a project need not have. */
interface Linter {
  createConfig: (config: { rules: Readonly<Record<string, 'error'>> }) => Promise<unknown>;
  lint: (options: { ref: string; config: unknown }) => Promise<unknown>;
}

/** Loads it from the user's project, where openapi-typescript brings it along. */
function loadLinter(places?: readonly string[]): Loaded<Linter> {
  return loadTool({ name: '@redocly/openapi-core', version: '1.34.24' }, isLinter, places);
}

function isLinter(loaded: unknown): loaded is Linter {
  return gives(loaded, 'createConfig', 'lint');
}
