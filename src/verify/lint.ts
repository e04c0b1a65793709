import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Api } from '../openapi/api.ts';
import { follow } from '../openapi/look-up.ts';
import { messageOf } from '../util/errors.ts';
import { packageFile } from '../util/files.ts';
import { entriesOf, fieldsOf, fromPointer, textAt, toPointer, valueAt } from '../util/json.ts';
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

type Schemas = Pick<Api, 'document' | 'schemas'>;

/**
 * Checks the OpenAPI syntax, references and examples of a specification with Redocly's linter, whose rules name the
 * verdicts. `not verifiable` without the linter.
 * @param api tells, where it is given, which examples the linter misjudges.
 * @param places paths, not necessarily of existing files, from which to look for the linter; the first wins.
 */
export async function lintSpecification(file: string, places?: string[], api?: Schemas): Promise<Verdict[]> {
  const linter = loadLinter(places);
  if ('missing' in linter) return [{ net: 'lint', result: 'not verifiable', rule: 'linter', sentence: linter.missing }];
  const problems = await linter.lint(file);
  const found: unknown[] = Array.isArray(problems) ? problems : [];
  const verdicts = found.filter((problem) => !api || !isMisjudged(api, problem)).map(verdictOf);
  if (verdicts.length > 0) return verdicts;
  const sentence = `The specification passes all ${rules.length} lint rules.`;
  return [{ net: 'lint', result: 'holds', rule: 'lint', sentence }];
}

/**
 * Whether the linter is wrong about an example: it asks a request for `readOnly` properties, an answer for `writeOnly` ones, and
 * takes multiples of fractions for none.
 */
function isMisjudged({ document, schemas }: Schemas, problem: unknown): boolean {
  const { message, location, from } = fieldsOf(problem) ?? {};
  if (!/must have required property|must be multiple of/.test(String(message))) return false;
  const place = textAt(Array.isArray(location) ? location[0] : undefined, 'pointer')?.slice(1) ?? '';
  const holder = fromPointer((textAt(from, 'pointer') ?? '').slice(1));
  const steps = valueAt(document, [...holder, 'schema']) === undefined ? holder : [...holder, 'schema'];
  const examples = [
    [...holder, 'example'],
    ...entriesOf(valueAt(document, [...holder, 'examples'])).map(([name]) =>
      follow(document, [...holder, 'examples', name, 'value']),
    ),
  ];
  const example = examples.find((each) => `${place}/`.startsWith(`${toPointer(each)}/`));
  if (!example || valueAt(document, example) === undefined) return false;
  const isAnswer = holder.findLastIndex((step) => step === 'responses');
  const isRequest = holder.findLastIndex((step) => step === 'requestBody' || step === 'requestBodies');
  const messages =
    isAnswer === isRequest ? messageKinds : isAnswer > isRequest ? messageKinds.slice(1) : messageKinds.slice(0, 1);
  return messages.some((kind) => {
    try {
      return schemas.check(follow(document, steps), valueAt(document, example), kind).length === 0;
    } catch {
      return false;
    }
  });
}

const messageKinds = ['request', 'answer'] as const;

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
          try {
            const problems: unknown = await lint({ ref: file, config });
            return problems;
          } catch (error) {
            // References that lead to each other, without end.
            return [{ ruleId: 'no-unresolved-refs', message: `${messageOf(error)}.` }];
          }
        },
      };
    } catch (error) {
      reason = messageOf(error).split('\n')[0] ?? '';
    }
  }
  return { missing: `${name} could not be loaded (${reason}). Run \`npm install --save-dev ${name}@${version}\`.` };
}
