import type { BodyPath } from './select-rules.ts';

/** Steps into a body as verdicts write them. */
export function writePath(path: BodyPath): string {
  return path.map(writeStep).join('');
}

function writeStep(step: BodyPath[number]): string {
  if (typeof step === 'number') return `[${step}]`;
  if (typeof step === 'object') return '[*]';
  return /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `['${step.replaceAll(/['\\]/g, String.raw`\$&`)}']`;
}
