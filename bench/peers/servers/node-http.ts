// A bare server: the doctors' bytes, a token that never changes, and how often that was asked for. Prints its URL.
import { createServer } from 'node:http';
import { doctors, exampleToken } from '../../harness/answers.ts';

let tokenRequests = 0;

const server = createServer((request, response) => {
  request.resume();
  const body = answerTo(request.url);
  response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': 'application/json' });
  response.end(body);
});

function answerTo(path: string | undefined): string | undefined {
  if (path === '/api/v1/equipe/doctors') return doctors;
  if (path === '/token-requests') return String(tokenRequests);
  if (path !== '/token') return undefined;
  tokenRequests += 1;
  return exampleToken;
}

// Ten thousand connections may come at once.
server.listen({ port: 0, host: '127.0.0.1', backlog: 16_384 }, () => {
  const address = server.address();
  if (typeof address === 'object') process.stdout.write(`http://127.0.0.1:${address?.port}\n`);
});
