export const shells = ['sh', 'fish', 'powershell', 'json'] as const;

export type Shell = (typeof shells)[number];

interface Words {
  set: (name: string, value: string) => string;
  unset: (name: string) => string;
}

export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

const words: Record<Exclude<Shell, 'json'>, Words> = {
  sh: {
    set: (name, value) => `export ${name}=${quoteForShell(value)}`,
    unset: (name) => `unset ${name}`,
  },
  fish: {
    set: (name, value) => `set -gx ${name} '${value.replaceAll(/['\\]/g, String.raw`\$&`)}'`,
    unset: (name) => `set -e ${name}`,
  },
  powershell: {
    // PowerShell treats typographic quotes as plain ones.
    set: (name, value) => `$env:${name} = '${value.replaceAll(/['‘’‚‛]/g, '$&$&')}'`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
  },
};

/**
 * Variables as lines for a shell's `eval`, or as one JSON object.
 * @param variables undefined (in JSON: null) unsets a variable.
 */
export function printEnvironment(variables: Readonly<Record<string, string | undefined>>, shell: Shell): string {
  const entries = Object.entries(variables);
  if (shell === 'json') {
    const values = entries.map(([name, value]) => [name, value ?? null]);
    return `${JSON.stringify(Object.fromEntries(values), undefined, 2)}\n`;
  }
  const { set, unset } = words[shell];
  return entries.map(([name, value]) => `${value === undefined ? unset(name) : set(name, value)}\n`).join('');
}
