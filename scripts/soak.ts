// `npm run soak`: the built mock under a steady load for some minutes, by default five. Is each answer right, does
// memory stay where it is, does the journal lose nothing? Exit code 1 says that something does not hold.
import { parseArgs } from 'node:util';
import { parseObject } from '../src/util/json.ts';
import { main } from './main.ts';
import { Client } from './soak/client.ts';
import { applyLoad, type Load } from './soak/load.ts';
import { beginning, mixture } from './soak/mixture.ts';
import { startBuiltMock, type SoakedMock } from './soak/mock.ts';
import { complaints, describe } from './soak/report.ts';

await main(async () => {
  const { values } = parseArgs({
    options: { seconds: { type: 'string', default: '300' }, rate: { type: 'string', default: '200' } },
  });
  const [seconds, rate] = [Number(values.seconds), Number(values.rate)];
  if (!(seconds > 0 && rate > 0 && Number.isFinite(seconds * rate))) {
    process.stderr.write('Expected --seconds and --rate to be numbers above 0.\n');
    return 2;
  }
  // Interrupted, it ends as at any other end: the mock's process goes with this one.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  await using mock = await startBuiltMock();
  using client = new Client();
  const visits = await mixture(client, mock.url, mock.baseUrl);
  const load = await applyLoad(mock, client, visits, { seconds, rate, progress: showProgress(seconds) });
  const journal = { counted: await countJournal(mock, client), expected: load.sent + beginning };
  process.stdout.write(describe(load, journal));
  const failed = complaints(load, journal);
  for (const sentence of failed) process.stderr.write(`${sentence}\n`);
  return failed.length > 0 ? 1 : 0;
});

/** One line that is written over and over; nothing in a pipe. */
function showProgress(total: number): (load: Load) => void {
  if (!process.stderr.isTTY) return () => {};
  return ({ memory, answered }) => {
    const { seconds = 0, mebibytes = 0 } = memory.at(-1) ?? {};
    process.stderr.write(
      `\r\u001B[K${seconds.toFixed(0)} of ${total} s, ${answered} answers, ${mebibytes.toFixed(0)} MiB`,
    );
    if (seconds + 5 >= total) process.stderr.write('\r\u001B[K');
  };
}

/** All requests of the journal, dropped ones included. */
async function countJournal(mock: SoakedMock, client: Client): Promise<number> {
  if (mock.ended() !== undefined) return 0;
  const { body } = await client.ask({ method: 'GET', url: `${mock.url}/_mock/journal` });
  const { entries, dropped } = parseObject(body) ?? {};
  return (Array.isArray(entries) ? entries.length : Number.NaN) + Number(dropped);
}
