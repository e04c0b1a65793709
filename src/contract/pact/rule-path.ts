import type { PathStep } from './matching-rules.ts';

const step = /\.\*|\[\*\]|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]|\.?([^.[\]$'"]+)/y;

/** The steps of a path of Pact, `$.items[*].id`, or undefined where it is none. */
export function readRulePath(text: string): PathStep[] | undefined {
  const steps: PathStep[] = [];
  step.lastIndex = text.startsWith('$') ? 1 : 0;
  while (step.lastIndex < text.length) {
    const found = step.exec(text);
    if (!found) return undefined;
    const [whole, index, single, double, name] = found;
    if (whole === '.*') steps.push({ any: 'key' });
    else if (whole === '[*]') steps.push({ any: 'index' });
    else if (index !== undefined) steps.push(Number(index));
    else steps.push(name ?? unescape(single ?? double ?? ''));
  }
  return steps;
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/gs, '$1');
}
