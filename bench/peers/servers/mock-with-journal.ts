// The mock with a journal of so many entries. Prints what `arzamed mock --json` does of its URL.
import { startMock } from 'arzamed-devkit/mock';

const mock = await startMock({ limits: { journalEntries: Number(process.argv[2]) } });
process.stdout.write(`${JSON.stringify({ url: mock.url })}\n`);
