import type { Finding } from '../mock/findings/finding.ts';

/** Prints a finding: what was seen, of whom, what to do instead, and where that is said. */
export function printFinding({ id, severity, message, remedy, source, clientId, entries }: Finding): void {
  const whose = clientId === undefined ? '' : `${clientId}: `;
  const lines = [
    `  ${severity}: ${id}  (journal ${entries.join(', ')})`,
    `    ${whose}${message}`,
    `    ${remedy}`,
    `    Source: ${source}`,
  ];
  process.stdout.write(`\n${lines.join('\n')}\n\n`);
}
