export const shells = ['sh', 'fish', 'powershell', 'json'] as const;

export type Shell = (typeof shells)[number];

/** A variable; an undefined value unsets it. */
export interface PrintedVariable {
  name: string;
  value: string | undefined;
  /** What stands around the value that the shell has already, if it has one. */
  around?: readonly [before: string, after: string] | undefined;
}

interface Words {
  quote: (text: string) => string;
  /** The value that the shell has, to stand beside quoted texts. */
  inherited: (name: string) => string;
  set: (name: string, value: string) => string;
  unset: (name: string) => string;
  ifSet: (name: string, then: string, otherwise: string) => string;
  /** Takes back what an earlier script has set, and keeps what the variables have now for a function that takes this back. */
  keep: (names: readonly string[], undo: string) => string;
}

/** The name of the function that restores what the variables had before. */
export const undoFunction = 'arzamed_undo';

export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

const words: Record<Exclude<Shell, 'json'>, Words> = {
  sh: {
    quote: quoteForShell,
    inherited: (name) => `"$${name}"`,
    set: (name, value) => `export ${name}=${value}`,
    unset: (name) => `unset ${name}`,
    ifSet: (name, then, otherwise) => `if [ -n "\${${name}-}" ]; then ${then}; else ${otherwise}; fi`,
    keep: (names, undo) => {
      const old = (name: string): string => `arzamed_old_${name}`;
      const restored = names.map(
        (name) =>
          `  if [ -n "\${${old(name)}+x}" ]; then export ${name}="$${old(name)}"; else unset ${name}; fi; unset ${old(name)}\n`,
      );
      const kept = names.map((name) => `if [ -n "\${${name}+x}" ]; then ${old(name)}="$${name}"; fi\n`);
      const again = `if command -v ${undo} >/dev/null; then ${undo}; fi\n`;
      return `${again}${kept.join('')}${undo}() {\n${restored.join('')}  unset -f ${undo}\n}\n`;
    },
  },
  fish: {
    quote: (text) => `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`,
    inherited: (name) => `"$${name}"`,
    set: (name, value) => `set -gx ${name} ${value}`,
    unset: (name) => `set -e ${name}`,
    ifSet: (name, then, otherwise) => `if test -n "$${name}"; ${then}; else; ${otherwise}; end`,
    keep: (names, undo) => {
      const old = (name: string): string => `arzamed_old_${name}`;
      const restored = names.map(
        (name) =>
          `  if set -q ${old(name)}; set -gx ${name} $${old(name)}; set -e ${old(name)}; else; set -e ${name}; end\n`,
      );
      const kept = names.map((name) => `if set -q ${name}; set -g ${old(name)} $${name}; end\n`);
      const again = `if functions -q ${undo}; ${undo}; end\n`;
      return `${again}${kept.join('')}function ${undo}\n${restored.join('')}  functions -e ${undo}\nend\n`;
    },
  },
  powershell: {
    // PowerShell treats typographic quotes as plain ones.
    quote: (text) => `'${text.replaceAll(/['‘’‚‛]/g, '$&$&')}'`,
    inherited: (name) => ` + $env:${name} + `,
    set: (name, value) => `$env:${name} = ${value}`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
    ifSet: (name, then, otherwise) => `if ($env:${name}) { ${then} } else { ${otherwise} }`,
    keep: (names, undo) =>
      [
        `if (Test-Path Function:${undo}) { ${undo} }`,
        '$global:arzamed_old = @{}',
        `foreach ($name in ${names.map((name) => `'${name}'`).join(', ')}) {`,
        '  $global:arzamed_old[$name] = [Environment]::GetEnvironmentVariable($name)',
        '}',
        `function global:${undo} {`,
        '  foreach ($name in $global:arzamed_old.Keys) {',
        '    [Environment]::SetEnvironmentVariable($name, $global:arzamed_old[$name])',
        '  }',
        `  Remove-Item Function:${undo}`,
        '}',
        '',
      ].join('\n'),
  },
};

interface Printable {
  /** The changes to the environment of this process. */
  variables: Readonly<Record<string, string | undefined>>;
  printed: readonly PrintedVariable[];
}

/**
 * Lines for a shell's `eval`, which extend what that shell has and define a function that takes them back, or one JSON
 * object of the changes to the environment of this process (null unsets a variable).
 */
export function printEnvironment({ variables, printed }: Printable, shell: Shell): string {
  if (shell === 'json') {
    const values = Object.entries(variables).map(([name, value]) => [name, value ?? null]);
    return `${JSON.stringify(Object.fromEntries(values), undefined, 2)}\n`;
  }
  const { quote, inherited, set, unset, ifSet, keep } = words[shell];
  const names = printed.map(({ name }) => name);
  const lines = printed.map(({ name, value, around }) => {
    const plain = value === undefined ? unset(name) : set(name, quote(value));
    if (!around) return plain;
    return ifSet(name, set(name, `${quote(around[0])}${inherited(name)}${quote(around[1])}`), plain);
  });
  return [keep(names, undoFunction), ...lines.map((line) => `${line}\n`)].join('');
}
