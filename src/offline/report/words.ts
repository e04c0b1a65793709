import type { OperationSummary, Summary } from '../../intercept/report.ts';

/** One sentence or two: how it ended, and what it asked for. */
export function describeRun({ exitCode, milliseconds, requests, dropped, hosts }: Summary): string {
  const lost = dropped === 0 ? '' : ` The journal had no room for the ${dropped} oldest.`;
  const seconds = (milliseconds / 1000).toFixed(1);
  return `Ended with ${exitCode} after ${seconds} s. ${count(requests, 'request')} came to ${hosts.join(', ')}.${lost}`;
}

/** `200 (3), 401 (1)` */
export function describeStatuses({ statuses }: OperationSummary): string {
  return Object.entries(statuses)
    .map(([status, times]) => (status === 'none' ? `no answer (${times})` : `${status} (${times})`))
    .join(', ');
}

/** `1 request`, `2 requests` */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
