// The vendor's quickstart, with fetch.
const { ARZAMED_TOKEN_URL, ARZAMED_CLIENT_ID, ARZAMED_CLIENT_SECRET } = process.env;
const baseUrl = 'https://api.nextgen.arzamed.com/api/v1';

const credentials = Buffer.from(`${ARZAMED_CLIENT_ID}:${ARZAMED_CLIENT_SECRET}`).toString('base64');
const tokenAnswer = await fetch(ARZAMED_TOKEN_URL, {
  method: 'POST',
  headers: { Authorization: `Basic ${credentials}` },
  body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'https://api.nextgen.arzamed.com/read' }),
  signal: AbortSignal.timeout(10_000),
});
if (!tokenAnswer.ok) throw new Error(`The token endpoint answers ${tokenAnswer.status}.`);
const { access_token: token } = await tokenAnswer.json();

const headers = { Authorization: `Bearer ${token}` };
const answer = await fetch(`${baseUrl}/equipe/doctors`, { headers, signal: AbortSignal.timeout(10_000) });
if (!answer.ok) throw new Error(`The API answers ${answer.status}.`);
process.stdout.write(`${JSON.stringify(await answer.json())}\n`);
