import { describeRun, describeStatuses } from './words.ts';
import type { Summary } from '../../intercept/report.ts';

/** For the summary of a CI run. */
export function markdown(summary: Summary): string {
  const { operations, refused, findings } = summary;
  const lines = [`# ${cell(summary.command)} against the mock`, '', describeRun(summary), ''];
  if (operations.length > 0) {
    lines.push('| operation | requests | answered with |', '| --- | ---: | --- |');
    for (const each of operations) {
      lines.push(`| ${cell(each.operation)} | ${each.requests} | ${describeStatuses(each)} |`);
    }
    lines.push('');
  }
  const violations = operations.flatMap(({ operation, violations: all }) => all.map((each) => `${operation}: ${each}`));
  if (violations.length > 0) lines.push('## Violations', '', ...violations.map((each) => `- ${cell(each)}`), '');
  lines.push(
    '## Findings',
    '',
    findings.length === 0 ? 'None.' : '| severity | finding | what was seen | what to do |',
  );
  if (findings.length > 0) lines.push('| --- | --- | --- | --- |');
  for (const { severity, id, message, remedy, times } of findings) {
    lines.push(`| ${severity} | ${id} (${times}) | ${cell(message)} | ${cell(remedy)} |`);
  }
  lines.push('');
  if (refused.length > 0) {
    lines.push('## Hosts that were refused', '', ...refused.map(({ host, times }) => `- ${cell(host)} (${times})`), '');
  }
  return lines.join('\n');
}

/** A text that stays within its cell, whatever is in it. */
function cell(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#|]/g, String.raw`\$&`).replaceAll(/\s+/g, ' ');
}
