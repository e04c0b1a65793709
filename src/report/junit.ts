import { escapeHtml } from './page.ts';

export interface TestCase {
  className: string;
  name: string;
  /** Absent on success. */
  trouble?: { kind: 'failure' | 'error' | 'skipped'; message: string };
}

export function junit(suite: { name: string; milliseconds: number; cases: readonly TestCase[] }): string {
  const { name, milliseconds, cases } = suite;
  const count = (kind: string): number => cases.filter(({ trouble }) => trouble?.kind === kind).length;
  const counts =
    `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" ` +
    `time="${(milliseconds / 1000).toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `<testsuite name="${text(name)}" ${counts}>`,
    ...cases.map(testCase),
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase({ className, name, trouble }: TestCase): string {
  const head = `<testcase classname="${text(className)}" name="${text(name)}"`;
  return trouble ? `${head}><${trouble.kind} message="${text(trouble.message)}"/></testcase>` : `${head}/>`;
}

/** XML allows no control characters; they become question marks. */
function text(value: string): string {
  return escapeHtml(value).replaceAll(/[\p{Cc}\uFFFE\uFFFF]/gu, '?');
}
