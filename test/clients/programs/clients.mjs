// Lists the doctors, with the client that is named. It knows nothing of a mock.
const { ARZAMED_TOKEN_URL: tokenUrl, ARZAMED_CLIENT_ID: id, ARZAMED_CLIENT_SECRET: secret } = process.env;
const doctorsUrl = 'https://api.nextgen.arzamed.com/api/v1/equipe/doctors';
const scope = 'https://api.nextgen.arzamed.com/read';

/** By node:http or node:https. */
const byRequest =
  (module, agent) =>
  (url, { method, headers, body }) =>
    new Promise((resolve, reject) => {
      const request = module.request(url, { method, headers, agent }, async (answer) => {
        if (answer.socket.remoteAddress === undefined) reject(new Error('Without an address.'));
        resolve(JSON.parse(Buffer.concat(await answer.toArray()).toString()));
      });
      request.on('error', reject).end(body);
    });
const byFetch = (fetch) => async (url, init) => (await fetch(url, init)).json();
const byUndici = async (name) => {
  const { request } = await import(name);
  return async (url, init) => (await request(url, init)).body.json();
};

/** Each makes a function that sends a request and returns the JSON of the answer. */
const clients = {
  fetch: () => byFetch(fetch),
  'fetch http': () => byFetch((url, init) => fetch(url.replace('https:', 'http:'), init)),
  https: async () => byRequest(await import('node:https')),
  'https agent': async () => {
    const https = await import('node:https');
    return byRequest(https, new https.Agent({ keepAlive: true }));
  },
  'https port': async () => {
    const https = await import('node:https');
    const send = byRequest(https, new https.Agent());
    return (url, init) => send(url.replace('.com/', '.com:8443/'), init);
  },
  http: async () => {
    const http = await import('node:http');
    const send = byRequest(http, new http.Agent());
    return (url, init) => send(url.replace('https:', 'http:'), init);
  },
  http2: async () => {
    const { connect } = await import('node:http2');
    return (url) => new Promise((_, reject) => connect(url).on('error', reject));
  },
  axios: async () => {
    const { default: axios } = await import('axios');
    return async (url, { method, headers, body }) => (await axios({ url, method, headers, data: body })).data;
  },
  got: async () => {
    const { default: got } = await import('got');
    return (url, init) => got(url, init).json();
  },
  'node-fetch': async () => byFetch((await import('node-fetch')).default),
  undici5: () => byUndici('undici5'),
  undici6: () => byUndici('undici6'),
  undici7: () => byUndici('undici7'),
  undici8: () => byUndici('undici8'),
  superagent: async () => {
    const { default: superagent } = await import('superagent');
    return async (url, { method = 'GET', headers, body }) =>
      (await superagent(method, url).set(headers).send(body)).body;
  },
  needle: async () => {
    const { default: needle } = await import('needle');
    return async (url, { method = 'get', headers, body = null }) =>
      (await needle(method.toLowerCase(), url, body, { headers })).body;
  },
  ky: async () => {
    const { default: ky } = await import('ky');
    return (url, init) => ky(url, init).json();
  },
  request: async () => {
    const { default: request } = await import('request');
    return (url, init) =>
      new Promise((resolve, reject) => {
        request({ url, ...init }, (error, _, body) => (error ? reject(error) : resolve(JSON.parse(body))));
      });
  },
  ofetch: async () => {
    const { ofetch } = await import('ofetch');
    return (url, init) => ofetch(url, { ...init, parseResponse: JSON.parse });
  },
};

/** Libraries for OAuth, which get the token by themselves. */
const tokens = {
  'openid-client': async () => {
    const client = await import('openid-client');
    const server = { issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl };
    const config = new client.Configuration(server, id, undefined, client.ClientSecretBasic(secret));
    return (await client.clientCredentialsGrant(config, { scope })).access_token;
  },
  'simple-oauth2': async () => {
    const { ClientCredentials } = await import('simple-oauth2');
    const { origin, pathname } = new URL(tokenUrl);
    const auth = { tokenHost: origin, tokenPath: pathname };
    return (await new ClientCredentials({ client: { id, secret }, auth }).getToken({ scope })).token.access_token;
  },
  '@badgateway/oauth2-client': async () => {
    const { OAuth2Client } = await import('@badgateway/oauth2-client');
    const client = new OAuth2Client({ clientId: id, clientSecret: secret, tokenEndpoint: tokenUrl });
    return (await client.clientCredentials({ scope: [scope] })).accessToken;
  },
};

async function tokenBy(send) {
  const headers = {
    Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
    'Content-Type': 'application/x-www-form-urlencoded',
  };
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope }).toString();
  return (await send(tokenUrl, { method: 'POST', headers, body })).access_token;
}

const name = process.argv[2];
const send = name in tokens ? byFetch(fetch) : await clients[name]();
const token = name in tokens ? await tokens[name]() : await tokenBy(send);
process.stdout.write(JSON.stringify(await send(doctorsUrl, { headers: { Authorization: `Bearer ${token}` } })));
