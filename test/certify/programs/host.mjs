// Runs programs of this folder without a process for each, which takes more time than what they do: one is run at each
// request, `/sync.mjs?BROKEN=time-limit`, with the variables of the query beside those of this process.
import { createServer } from 'node:http';

const server = createServer((request, response) => void answer(request, response));

async function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const { main } = await import(`.${pathname}`);
  let output = '';
  const code = await main({ ...process.env, ...Object.fromEntries(searchParams) }, (text) => (output += text));
  response.writeHead(code === 0 ? 200 : 502).end(output);
}

server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
