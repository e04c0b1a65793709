import { request } from 'node:https';
import { text } from 'node:stream/consumers';

function ask(url, options, body) {
  return new Promise((resolve, reject) => {
    request(url, options, (answer) => resolve(text(answer)))
      .on('error', reject)
      .end(body);
  });
}

const { ARZAMED_TOKEN_URL, ARZAMED_CLIENT_ID, ARZAMED_CLIENT_SECRET } = process.env;
const body = 'grant_type=client_credentials&scope=https%3A%2F%2Fapi.nextgen.arzamed.com%2Fread';
const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
const auth = `${ARZAMED_CLIENT_ID}:${ARZAMED_CLIENT_SECRET}`;
const { access_token: token } = JSON.parse(await ask(ARZAMED_TOKEN_URL, { method: 'POST', headers, auth }, body));
const bearer = { headers: { Authorization: `Bearer ${token}` } };
console.log(await ask('https://api.nextgen.arzamed.com/api/v1/equipe/doctors', bearer));
