import { Ajv2020 } from 'ajv/dist/2020.js';
import { describeViolation } from '../../openapi/schema-checker.ts';
import { messageOf, Problem } from '../../util/errors.ts';

const remedy = 'Correct the file; docs/verification.md describes it.';

/** The schema of a text that is not blank. */
export const notBlank = { type: 'string', pattern: String.raw`\S` };

/**
 * A reader of files of reviewed entries, each with a reason. It throws a Problem if a file is not JSON, or not such a list.
 * @param what the entries, as the end of a sentence.
 * @param item the schema of an entry.
 */
export function listReader<Entry>(what: string, item: object): (file: string, content: string) => Entry[] {
  const validate = new Ajv2020({ allErrors: true, verbose: true }).compile<Entry[]>({ type: 'array', items: item });
  return (file, content) => {
    const value = parse(what, file, content);
    if (validate(value)) return value;
    const [first] = (validate.errors ?? []).map(describeViolation);
    const isBlank = first?.expected.startsWith('to match pattern') ?? false;
    const expected = isBlank ? 'a text that is not blank' : first?.expected;
    throw new Problem({
      code: 'allowances_invalid',
      what: `Invalid list of ${what}.`,
      where: file,
      facts: { path: first?.path, expected, found: first?.found },
      remedy,
    });
  };
}

function parse(what: string, file: string, content: string): unknown {
  try {
    return JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch (error) {
    const facts = { reason: messageOf(error).split('\n')[0] };
    const problem = {
      code: 'allowances_unreadable',
      what: `The ${what} are not JSON.`,
      where: file,
      facts,
      remedy,
    } as const;
    throw new Problem(problem, { cause: error });
  }
}
