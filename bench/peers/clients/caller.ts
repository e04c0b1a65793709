// A client in a process of its own, so that none meets what another leaves behind: garbage, and code compiled for both.
// Arguments: the client's file, and where it finds its API, as JSON. It says that it is ready, and then does as it is told.
import { doctors } from '../../harness/answers.ts';
import type { MakeClient } from './contestant.ts';
import type { Order, Report } from './calling.ts';

const [file = '', access = ''] = process.argv.slice(2);
const { make }: { make: MakeClient } = await import(file);
const call = await make(JSON.parse(access));

const tell = (report: Report): void => void process.send?.(report);

process.on('message', (order: Order) => {
  obey(order).then(tell, (error: unknown) => tell({ wrong: String(error) }));
});
tell({ microseconds: 0 });

async function obey({ calls, atOnce }: Order): Promise<Report> {
  const answers: unknown[] = [];
  const from = performance.now();
  while (answers.length < calls) {
    if (atOnce === 1) answers.push(await call());
    else answers.push(...(await Promise.all(Array.from({ length: atOnce }, call))));
  }
  const microseconds = ((performance.now() - from) * 1000) / calls;
  const wrong = answers.map((answer) => JSON.stringify(answer)).find((answer) => answer !== doctors);
  return wrong === undefined ? { microseconds } : { wrong };
}
