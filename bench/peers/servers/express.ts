// A bare Express handler that answers with the doctors' bytes. Prints its URL.
import express from 'express';
import { doctors } from '../../harness/answers.ts';

const app = express();
app.get('/api/v1/equipe/doctors', (_request, response) => {
  response.setHeader('Content-Type', 'application/json');
  response.end(doctors);
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.stdout.write(`http://127.0.0.1:${address?.port}\n`);
});
