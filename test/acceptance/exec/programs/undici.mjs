// The vendor's quickstart, with the package undici.
import { fetch, request } from 'undici';
import { getToken } from './token.mjs';

const baseUrl = 'https://api.nextgen.arzamed.com/api/v1';

const headers = { Authorization: `Bearer ${await getToken(fetch)}` };
const answer = await request(`${baseUrl}/equipe/doctors`, { headers });
if (answer.statusCode !== 200) throw new Error(`The API answers ${answer.statusCode}.`);
process.stdout.write(JSON.stringify(await answer.body.json()));
