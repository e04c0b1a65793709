import { escapeHtml } from './page.ts';

export interface TestCase {
  className: string;
  name: string;
  milliseconds: number;
  /** Absent on success. */
  trouble?: { kind: 'failure' | 'error' | 'skipped'; message: string; details: string };
}

interface Suite {
  name: string;
  milliseconds: number;
  /** ISO 8601. */
  date: string;
  cases: readonly TestCase[];
}

export function junit({ name, milliseconds, date, cases }: Suite): string {
  const count = (kind: string): number => cases.filter(({ trouble }) => trouble?.kind === kind).length;
  const counts =
    `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" ` +
    `time="${seconds(milliseconds)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `<testsuite name="${text(name)}" ${counts} timestamp="${text(date.replace(/\.\d+Z$/, ''))}">`,
    ...withUniqueNames(cases).map(testCase),
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** Readers of these files take cases of the same name for one. */
function withUniqueNames(cases: readonly TestCase[]): TestCase[] {
  const times = new Map<string, number>();
  return cases.map((each) => {
    const key = JSON.stringify([each.className, each.name]);
    const time = (times.get(key) ?? 0) + 1;
    times.set(key, time);
    return time === 1 ? each : { ...each, name: `${each.name} (${time})` };
  });
}

function testCase({ className, name, milliseconds, trouble }: TestCase): string {
  const head = `<testcase classname="${text(className)}" name="${text(name)}" time="${seconds(milliseconds)}"`;
  if (!trouble) return `${head}/>`;
  const { kind, message, details } = trouble;
  return `${head}><${kind} message="${text(message)}">${text(`${message} ${details}`)}</${kind}></testcase>`;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** XML allows no control characters; they are written out. Nor these, which become question marks. */
function text(value: string): string {
  return escapeHtml(value).replaceAll(/[\p{Cs}\uFFFE\uFFFF]/gu, '?');
}
