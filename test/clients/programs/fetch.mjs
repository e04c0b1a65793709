// The vendor's quickstart, with fetch.
import { getToken } from './token.mjs';

const baseUrl = 'https://api.nextgen.arzamed.com/api/v1';

const headers = { Authorization: `Bearer ${await getToken(fetch)}` };
const answer = await fetch(`${baseUrl}/equipe/doctors`, { headers });
if (!answer.ok) throw new Error(`The API answers ${answer.status}.`);
process.stdout.write(JSON.stringify(await answer.json()));
