import type { Verdict } from '../../verify/verdict.ts';
import { countResults, type Report } from '../../verify/report/report.ts';
import { placeOf } from './words.ts';

/** For CI that shows JUnit's XML: a test case for each verdict. What is not verifiable was skipped. */
export function junit({ verdicts, milliseconds }: Report): string {
  const { broken, unanswered, 'not verifiable': skipped } = countResults(verdicts);
  const counts = `tests="${verdicts.length}" failures="${broken}" errors="${unanswered}" skipped="${skipped}"`;
  const seconds = (milliseconds / 1000).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts} time="${seconds}">`,
    `<testsuite name="arzamed verify" ${counts} time="${seconds}">`,
    ...verdicts.map(testCase),
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(verdict: Verdict): string {
  const { net, rule, result, contract = 'specification', sentence } = verdict;
  const head = `<testcase classname="${text(`${net}.${contract}`)}" name="${text(`${placeOf(verdict)}: ${rule}`)}"`;
  if (result === 'holds') return `${head}/>`;
  const tag = result === 'broken' ? 'failure' : result === 'unanswered' ? 'error' : 'skipped';
  return `${head}><${tag} message="${text(sentence)}"/></testcase>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** A text as XML may hold it: control characters, which it must not have, become question marks. */
function text(value: string): string {
  return value
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
    .replaceAll(/[\p{Cc}\uFFFE\uFFFF]/gu, '?');
}
