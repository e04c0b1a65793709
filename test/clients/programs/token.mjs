// The first half of the vendor's quickstart, for the programs beside it.

/** Asks for a token, in the way of fetch. */
export async function getToken(fetch) {
  const { ARZAMED_TOKEN_URL, ARZAMED_CLIENT_ID, ARZAMED_CLIENT_SECRET } = process.env;
  const credentials = Buffer.from(`${ARZAMED_CLIENT_ID}:${ARZAMED_CLIENT_SECRET}`).toString('base64');
  const answer = await fetch(ARZAMED_TOKEN_URL, {
    method: 'POST',
    headers: { Authorization: `Basic ${credentials}`, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials&scope=https://api.nextgen.arzamed.com/read',
  });
  if (!answer.ok) throw new Error(`The token endpoint answers ${answer.status}.`);
  return (await answer.json()).access_token;
}
