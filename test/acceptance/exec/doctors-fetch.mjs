const { ARZAMED_TOKEN_URL, ARZAMED_CLIENT_ID, ARZAMED_CLIENT_SECRET } = process.env;
const basic = Buffer.from(`${ARZAMED_CLIENT_ID}:${ARZAMED_CLIENT_SECRET}`).toString('base64');
const answer = await fetch(ARZAMED_TOKEN_URL, {
  method: 'POST',
  headers: { Authorization: `Basic ${basic}` },
  body: new URLSearchParams({
    grant_type: 'client_credentials',
    scope: 'https://api.nextgen.arzamed.com/read',
  }),
});
const { access_token: token } = await answer.json();
const doctors = await fetch('https://api.nextgen.arzamed.com/api/v1/equipe/doctors', {
  headers: { Authorization: `Bearer ${token}` },
});
console.log(await doctors.text());
