const mock = process.env.ARZAMED_MOCK_URL;

/** Calls the control API. A mock in a container wants its control token. */
async function call(method, url, body) {
  const headers = { Authorization: `Bearer ${process.env.ARZAMED_CONTROL_TOKEN}` };
  const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: HTTP ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** A sandbox has its own URLs, keys, clock, faults, journal and findings. */
exports.createSandbox = async () => {
  const { id, baseUrl, controlUrl, clinics } = await call('POST', `${mock}/_mock/sandboxes`);
  const { tokenUrl, keys } = clinics.find(({ clinic }) => clinic === 'bianchi');
  const { clientId, clientSecret } = keys[0];
  return {
    settings: { baseUrl, tokenUrl, clientId, clientSecret },
    addFault: (fault) => call('POST', `${controlUrl}/faults`, fault),
    revokeKey: () => call('POST', `${controlUrl}/keys/${clientId}/revoke`),
    /** What the program did wrong, though its result may be right. */
    findings: async () => (await call('GET', `${controlUrl}/findings?ended=true`)).findings,
    close: () => call('DELETE', `${mock}/_mock/sandboxes/${id}`),
  };
};
