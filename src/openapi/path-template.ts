const parameter = /\{([^{}]+)\}/g;

export function parameterNames(template: string): string[] {
  return [...template.matchAll(parameter)].map(([, name = '']) => name);
}

/** Puts values in the place of the parameters, percent-encoded. */
export function fillTemplate(template: string, values: Record<string, string>): string {
  return template.replaceAll(parameter, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}

/** The texts around the parameters of a segment: `report.` and nothing for `report.{format}`, one for a literal. */
export function literalsOf(segment: string): string[] {
  return segment.split(/\{[^{}]+\}/);
}

/**
 * The values of a segment's parameters, each at least one character and as short as the next literal allows; undefined
 * where the segment does not fit. Each literal is looked for once, so the time is linear whatever a caller sends.
 * @param literals what `literalsOf()` gives for a segment with parameters.
 */
export function matchSegment(literals: readonly string[], segment: string): string[] | undefined {
  const [head = '', ...between] = literals;
  const tail = between.pop() ?? '';
  if (!segment.startsWith(head) || !segment.endsWith(tail)) return undefined;
  const values: string[] = [];
  let at = head.length;
  for (const literal of between) {
    const next = segment.indexOf(literal, at + 1);
    if (next < 0) return undefined;
    values.push(segment.slice(at, next));
    at = next + literal.length;
  }
  const end = segment.length - tail.length;
  return end > at ? [...values, segment.slice(at, end)] : undefined;
}
