// The vendor's quickstart, with node:https and an agent of one's own, as many SDKs have one.
import { Agent, get } from 'node:https';
import { getToken } from './token.mjs';

const baseUrl = 'https://api.nextgen.arzamed.com/api/v1';

const headers = { Authorization: `Bearer ${await getToken(fetch)}` };
const agent = process.argv.includes('--own-agent') ? new Agent({ keepAlive: true }) : undefined;
get(`${baseUrl}/equipe/doctors`, { headers, agent }, (answer) => {
  if (answer.statusCode !== 200) throw new Error(`The API answers ${answer.statusCode}.`);
  answer.pipe(process.stdout);
});
