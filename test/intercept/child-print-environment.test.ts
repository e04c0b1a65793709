import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { printEnvironment, type PrintedVariable, type Shell } from '../../src/intercept/child/print-environment.ts';
import { anyText } from '../support/any-text.ts';
import { runs } from '../support/runs.ts';

/** How each shell runs a script, and how it prints a variable with a zero byte after it. */
const readers = [
  ...['sh', 'bash', 'zsh'].map((command) => ({
    shell: 'sh' as const,
    command,
    args: ['-c'],
    print: (name: string) => `printf '%s\\0' "$${name}"`,
  })),
  { shell: 'fish' as const, command: 'fish', args: ['-c'], print: (name: string) => `printf '%s\\0' "$${name}"` },
  {
    shell: 'powershell' as const,
    command: 'pwsh',
    args: ['-NoProfile', '-Command'],
    print: (name: string) => `[Console]::Out.Write($env:${name} + [char]0)`,
  },
];

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

/** The script that sets variables. */
function scriptOf(
  variables: Record<string, string | undefined>,
  shell: Shell,
  around?: PrintedVariable['around'],
): string {
  const printed = Object.entries(variables).map(([name, value]) => ({ name, value, around }));
  return printEnvironment({ variables, printed }, shell);
}

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
      const script = `${scriptOf(variables, shell)}${Object.keys(variables).map(print).join('\n')}\n`;
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

    run(`for ${shell} is taken back by a function, also after it was set twice (needs ${command})`, () => {
      const names = ['ODD', 'NEW', 'GONE', 'EMPTY', 'PATHS_PATH'];
      const script = scriptOf({ ODD: 'x', NEW: 'y', GONE: undefined, EMPTY: 'z', PATHS_PATH: '/c' }, shell);
      const printed = names.map(print).join('\n');
      const before = { ODD: `it's "$x" \\ `, GONE: 'still there', EMPTY: '', PATHS_PATH: '/a:/b' };
      const env = { ...process.env, ...before };
      const text = execFileSync(command, [...args, `${script}${script}${printed}\narzamed_undo\n${printed}\n`], {
        env,
        encoding: 'utf8',
      });
      const [odd, gone, ...others] = [before.ODD, before.GONE, '', before.PATHS_PATH];
      expect(text.split('\0').slice(0, -1)).toEqual(['x', 'y', '', 'z', '/c', odd, '', gone, ...others]);
    });

    run(`for ${shell} extends what the shell has, and not what another had (needs ${command})`, () => {
      const script = scriptOf({ ODD: "pl'ain", NEW: 'plain', EMPTY: 'plain' }, shell, ["it's ", ' $b']);
      const env = { ...process.env, ODD: `a'b "c"`, EMPTY: '' };
      const all = `${script}${script}${['ODD', 'NEW', 'EMPTY'].map(print).join('\n')}\n`;
      const text = execFileSync(command, [...args, all], { env, encoding: 'utf8' });
      expect(text.split('\0').slice(0, -1)).toEqual([`it's a'b "c" $b`, 'plain', 'plain']);
    });

    run(`for ${shell} takes away what is not to be there (needs ${command})`, () => {
      expect(read({ GONE: undefined })).toEqual(['']);
    });
  }

  test('as JSON is one object, with null for what is not to be there', () => {
    expect(JSON.parse(scriptOf({ A: 'a\n"', B: undefined }, 'json'))).toEqual({ A: 'a\n"', B: null });
  });

  test('for PowerShell doubles every quote that PowerShell knows', () => {
    expect(scriptOf({ A: "it's ’so‘ $x" }, 'powershell')).toMatch(/\n\$env:A = 'it''s ’’so‘‘ \$x'\n$/);
  });
});
