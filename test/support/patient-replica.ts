// A mock as a process of its own, with the options of its argument as JSON. It waits longer for the store than a user's
// does: on a busy machine Redis may take more than 100 ms.
import { openMock } from '../../src/mock/start-mock.ts';

const mock = await openMock(JSON.parse(process.argv[2] ?? '{}'), { patience: 10_000 });
await mock.load();
process.stdout.write(`${JSON.stringify({ url: mock.url })}\n`);
// It ends with the test, however that ends.
process.stdin.on('end', () => process.exit()).resume();
