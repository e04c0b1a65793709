/** A language in which variables can be set. */
export type Shell = 'sh' | 'fish' | 'powershell' | 'json';

export const shells: readonly Shell[] = ['sh', 'fish', 'powershell', 'json'];

interface Words {
  set: (name: string, value: string) => string;
  unset: (name: string) => string;
}

const words: Record<Exclude<Shell, 'json'>, Words> = {
  sh: {
    set: (name, value) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`,
    unset: (name) => `unset ${name}`,
  },
  fish: {
    set: (name, value) => `set -gx ${name} '${value.replaceAll(/['\\]/g, String.raw`\$&`)}'`,
    unset: (name) => `set -e ${name}`,
  },
  powershell: {
    // PowerShell takes typographic quotes for plain ones.
    set: (name, value) => `$env:${name} = '${value.replaceAll(/['‘’‚‛]/g, '$&$&')}'`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
  },
};

/**
 * Variables as lines that a shell can read, such as by `eval`, or as one JSON object.
 * @param variables undefined (in JSON: null) takes a variable away.
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
