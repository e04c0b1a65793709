import { isDeepStrictEqual } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describeViolation } from '../../openapi/schema-checker.ts';
import { interactionName, type Contract } from '../../pact/model.ts';
import { messageOf, Problem } from '../../util/errors.ts';
import type { Verdict } from '../verdict.ts';
import { findWeakenings } from './find-weakenings.ts';
import { allows, weakeningRules, type Allowance, type Weakening } from './weakening.ts';

/** What there was, what there is, and what is allowed. */
interface Comparison {
  base: readonly Contract[];
  head: readonly Contract[];
  /** The file of the allowances, as the user named it. */
  file: string;
  allowances: readonly Allowance[];
  /** Those that stood in the file at the base. They are history: what they allowed has been done, and they allow nothing again. */
  earlier: readonly unknown[];
}

/** Says of each interaction of the base whether as much is promised still. */
export function judgeWeakenings({ base, head, file, allowances, earlier }: Comparison): Verdict[] {
  const fresh = allowances.filter((each) => !earlier.some((known) => isDeepStrictEqual(known, each)));
  const found = findWeakenings(base, head);
  const weakened = found.map((each) => {
    const allowance = fresh.find((one) => allows(one, each));
    return allowance ? permitted(each, allowance) : forbidden(each, file);
  });
  const unneeded = fresh.filter((one) => !found.some((each) => allows(one, each)));
  return [...keptIn(base, found), ...weakened, ...unneeded.map((one) => superfluous(one, file, allowances))];
}

function keptIn(base: readonly Contract[], found: readonly Weakening[]): Verdict[] {
  return base.flatMap(({ file, interactions }) => {
    const lost = found.filter((each) => each.file === file);
    if (lost.some(({ rule }) => rule === 'contract')) return [];
    return interactions
      .map(interactionName)
      .filter((name) => !lost.some(({ interaction }) => interaction === name))
      .map((interaction) => {
        const sentence = 'The contract requires as much as before.';
        return { ...told(file), interaction, rule: 'interaction', result: 'holds', sentence };
      });
  });
}

function permitted(weakening: Weakening, { reason }: Allowance): Verdict {
  return { ...verdictOf(weakening), result: 'holds', sentence: `${weakening.sentence} Allowed: ${reason}` };
}

function forbidden(weakening: Weakening, file: string): Verdict {
  const { interaction, path, rule } = weakening;
  const contract = interaction === undefined ? weakening.file : undefined;
  const entry = JSON.stringify({ contract, interaction, path, rule, reason: '…' });
  return {
    ...verdictOf(weakening),
    result: 'broken',
    sentence: `${weakening.sentence} Restore it, or allow it in ${file} with a reason: ${entry}`,
  };
}

function verdictOf({ file, interaction, path, rule }: Weakening): Omit<Verdict, 'result' | 'sentence'> {
  return {
    ...told(file),
    ...(interaction === undefined ? {} : { interaction }),
    ...(path === undefined ? {} : { place: path }),
    rule,
  };
}

function superfluous(allowance: Allowance, file: string, allowances: readonly Allowance[]): Verdict {
  return {
    ...told(file),
    place: `$[${allowances.indexOf(allowance)}]`,
    rule: 'allowance',
    result: 'broken',
    sentence: `This new entry in ${file} matches no weakening: correct or remove it.`,
  };
}

function told(contract: string): Pick<Verdict, 'net' | 'contract'> {
  return { net: 'weakening', contract };
}

const remedy = 'Correct the file; docs/verification.md describes it.';
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
    what: 'Invalid list of allowed weakenings.',
    where: file,
    facts: { path: first?.path, expected: expectation(first), found: first?.found },
    remedy,
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
    const facts = { reason: messageOf(error).split('\n')[0] };
    const what = 'The allowed weakenings are not JSON.';
    throw new Problem({ code: 'allowances_unreadable', what, where: file, facts, remedy }, { cause: error });
  }
}
