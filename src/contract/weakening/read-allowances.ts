import { Ajv2020 } from 'ajv/dist/2020.js';
import { Problem } from '../../util/errors.ts';
import { messageOf } from '../../spec/thrown.ts';
import { describeViolation } from '../../spec/violation.ts';
import type { Allowance } from './allowance.ts';
import { weakeningRules } from '../../verify/weakening/weakening.ts';

const text = { type: 'string', pattern: String.raw`\S` };
const validate = new Ajv2020({ allErrors: true, verbose: true }).compile<Allowance[]>({
  type: 'array',
  items: {
    type: 'object',
    properties: { contract: text, interaction: text, path: text, rule: { enum: weakeningRules }, reason: text },
    required: ['rule', 'reason'],
    additionalProperties: false,
  },
});

/**
 * Reads which weakenings are allowed, and why.
 * @param file as the user named it.
 * @throws Problem if it is no JSON, or not a list of such entries with a reason each.
 */
export function readAllowances(file: string, content: string): Allowance[] {
  const value = parse(file, content);
  if (validate(value)) return value;
  const [first] = (validate.errors ?? []).map(describeViolation);
  throw new Problem({
    code: 'allowances_invalid',
    what: 'The allowed weakenings are not described as they should be.',
    where: file,
    facts: { path: first?.path, expected: expectation(first), found: first?.found },
    remedy: 'Correct the file; docs/verification.md describes it.',
  });
}

function expectation(violation: { expected: string } | undefined): string | undefined {
  return violation?.expected.startsWith('to match pattern') ? 'a text that is not blank' : violation?.expected;
}

function parse(file: string, content: string): unknown {
  try {
    const value: unknown = JSON.parse(content.replace(/^\uFEFF/, ''));
    return value;
  } catch (error) {
    throw new Problem(
      {
        code: 'allowances_unreadable',
        what: 'The allowed weakenings are not JSON.',
        where: file,
        facts: { reason: messageOf(error).split('\n')[0] },
        remedy: 'Correct the file; docs/verification.md describes it.',
      },
      { cause: error },
    );
  }
}
