import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { printEnvironment } from '../../src/intercept/child/print-environment.ts';
import { anyText } from '../support/any-text.ts';
import { runs } from '../support/runs.ts';

/** How each shell runs a script, and how it prints a variable with a zero byte after it. */
const readers = [
  { shell: 'sh', command: 'sh', args: ['-c'], print: (name: string) => `printf '%s\\0' "$${name}"` },
  { shell: 'fish', command: 'fish', args: ['-c'], print: (name: string) => `printf '%s\\0' "$${name}"` },
  {
    shell: 'powershell',
    command: 'pwsh',
    args: ['-NoProfile', '-Command'],
    print: (name: string) => `[Console]::Out.Write($env:${name} + [char]0)`,
  },
] as const;

const hostile = [
  "'",
  '"',
  '\\',
  '$',
  '`',
  '!',
  '%',
  '^',
  '&',
  '|',
  ';',
  '<',
  '(',
  '{',
  '[',
  '*',
  '?',
  '~',
  '#',
  '=',
  '-',
];
const odd = oneof(
  anyText(),
  string({ unit: constantFrom(...hostile, ' ', '\t', '\n', '\r', '‘', '’', '‚', '‛', '“', '”', 'a', 'é') }),
);
const values = array(
  odd.filter((value) => value !== '' && !value.includes('\0')),
  { minLength: 1, maxLength: 100 },
);

function isInstalled(command: string): boolean {
  try {
    execFileSync(command, ['-c', 'exit 0'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('the environment, printed', () => {
  for (const { shell, command, args, print } of readers) {
    const read = (variables: Record<string, string | undefined>): string[] => {
      const script = `${printEnvironment(variables, shell)}${Object.keys(variables).map(print).join('\n')}\n`;
      const env = { ...process.env, GONE: 'still there' };
      return execFileSync(command, [...args, script], { env, encoding: 'utf8' })
        .split('\0')
        .slice(0, -1);
    };
    const run = isInstalled(command) ? test : test.skip;

    run(`for ${shell} has each value as it is, whatever is in it (needs ${command})`, () => {
      const holds = (values: string[]): void => {
        const variables = Object.fromEntries(values.map((value, at) => [`ODD_${at}`, value]));
        expect(read(variables)).toEqual(values);
      };
      assert(property(values, holds), { numRuns: runs(5, 25) });
    });

    run(`for ${shell} takes away what is not to be there (needs ${command})`, () => {
      expect(read({ GONE: undefined })).toEqual(['']);
    });
  }

  test('as JSON is one object, with null for what is not to be there', () => {
    expect(JSON.parse(printEnvironment({ A: 'a\n"', B: undefined }, 'json'))).toEqual({ A: 'a\n"', B: null });
  });

  test('for PowerShell doubles every quote that PowerShell knows', () => {
    expect(printEnvironment({ A: "it's ’so‘ $x" }, 'powershell')).toBe("$env:A = 'it''s ’’so‘‘ $x'\n");
  });
});
