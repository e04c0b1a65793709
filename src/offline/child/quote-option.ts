/**
 * An option as it stands in a variable that holds several, separated by spaces. Only what needs quotes gets them, since
 * some tools split such variables at every space.
 * @param style how what reads it takes quotes: Node by `"` with `\` before `"` and `\`; Java by `"` or `'`, without escapes.
 */
export function quoteOption(option: string, style: 'node' | 'java'): string {
  if (!/[\s"'\\]/.test(option)) return option;
  if (style === 'node') return `"${option.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  // A path may have one kind of quote in it: each stretch is put between quotes of the other kind.
  return (option.match(/[^"]+|"+/g) ?? []).map((part) => (part.startsWith('"') ? `'${part}'` : `"${part}"`)).join('');
}
