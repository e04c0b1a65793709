/** A drawing that follows the reader's choice of light or dark. Colours are those of Okabe and Ito, which all can tell apart. */
export function drawing(width: number, height: number, title: string, parts: readonly string[]): string {
  const style = `
  text { font: 12px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; font-size: 14px; }
  .quiet { fill: #6e7781; }
  .axis { stroke: #8c959f; }
  .grid { stroke: #8c959f; stroke-opacity: 0.25; }
  .range { stroke: #24292f; stroke-width: 1.5; fill: none; }
  .end { text-anchor: end; }
  .middle { text-anchor: middle; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .quiet { fill: #9198a1; }
    .range { stroke: #e6edf3; }
  }`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<style>${style}\n</style>`,
    text(0, 16, title, 'title'),
    ...parts,
    '</svg>\n',
  ].join('\n');
}

export const colours = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#56b4e9'] as const;

export function text(x: number, y: number, content: string, kind = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" class="${kind}">${escape(content)}</text>`;
}

export function line(from: readonly [number, number], to: readonly [number, number], kind: string): string {
  const [x1, y1, x2, y2] = [...from, ...to].map(round);
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" class="${kind}"/>`;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
