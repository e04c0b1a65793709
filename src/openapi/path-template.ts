/** The pattern of one segment of a path: a literal, `{id}`, or a mixture such as `report.{format}`. */
export function segmentPattern(segment: string): RegExp {
  const parts = segment.split(/(\{[^{}]+\})/);
  const source = parts.map((part) => (isParameter(part) ? '(.+?)' : escapeRegExp(part))).join('');
  return new RegExp(`^${source}$`, 's');
}

/** The names of the parameters of a path or of a segment, in order. */
export function parameterNames(template: string): string[] {
  return [...template.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? '');
}

/** Puts values in the place of the parameters, percent-encoded. */
export function fillTemplate(template: string, values: Record<string, string>): string {
  return template.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}

function isParameter(part: string): boolean {
  return part.startsWith('{') && part.endsWith('}');
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}
