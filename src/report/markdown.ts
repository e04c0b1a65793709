/** A text that stays within its cell or line, whatever is in it. */
export function cell(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#|]/g, String.raw`\$&`).replaceAll(/\s+/g, ' ');
}

/**
 * The lines of a table.
 * @param columns their titles, as Markdown.
 * @param rows their cells, as Markdown.
 * @param numbers the columns whose cells stand to the right.
 */
export function table(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly string[] = [],
): string[] {
  const line = (cells: readonly string[]): string => `|${cells.map((each) => `${` ${each}`.trimEnd()} |`).join('')}`;
  return [line(columns), line(columns.map((name) => (numbers.includes(name) ? '---:' : '---'))), ...rows.map(line)];
}
