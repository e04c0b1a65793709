// A program as an integrator writes it: it prints the names of a list, twice fetched. Alone, it does all that the
// requirements ask; `BROKEN` names the one that it does not meet. With a port as argument it keeps running, and
// fetches the list at each request. Tests also run it in host.mjs.
import { createServer } from 'node:http';

/** Ends as if all were well. */
class Hidden extends Error {}

/** @returns what fetches the list, with a token and a memory of its own. */
function program(env) {
  const { ARZAMED_TOKEN_URL, ARZAMED_CLIENT_ID, ARZAMED_CLIENT_SECRET, ARZAMED_BASE_URL, BROKEN } = env;
  const is = (defect) => BROKEN === defect;
  const list = `${ARZAMED_BASE_URL}/equipe/doctors`;
  const scope = 'https://api.nextgen.arzamed.com/read';
  const basic = `Basic ${btoa(`${ARZAMED_CLIENT_ID}:${ARZAMED_CLIENT_SECRET}`)}`;
  const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  if (is('certificate-checked')) process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  let token;
  let tokenUntil = Infinity;

  async function requestToken(attempt = 0) {
    const form = new URLSearchParams({ grant_type: 'client_credentials', scope });
    const headers = { authorization: basic };
    if (is('token-by-basic')) {
      delete headers.authorization;
      form.set('client_id', ARZAMED_CLIENT_ID);
      form.set('client_secret', ARZAMED_CLIENT_SECRET);
    }
    if (is('token-request-form') && attempt === 0) {
      await fetch(ARZAMED_TOKEN_URL, { method: 'POST', headers, body: '{"grant_type":"client_credentials"}' });
    }
    const request = { method: 'POST', headers, body: form, redirect: 'manual', signal: AbortSignal.timeout(3000) };
    let answer = await fetch(ARZAMED_TOKEN_URL, request);
    if (answer.status === 307 && is('token-redirect-credentials')) {
      answer = await fetch(answer.headers.get('location'), request);
    }
    if (answer.status === 200) {
      const { access_token: text, expires_in: lifetime } = await answer.json();
      if (is('expires-in-short') && lifetime < 300) throw new Error('the lifetime is too short');
      if (is('expires-in-text') && typeof lifetime === 'string') throw new Error('the lifetime is no number');
      if (is('expires-in-missing') && lifetime === undefined) throw new Error('there is no lifetime');
      tokenUntil = performance.now() + Number(lifetime ?? 60) * 1000;
      return text;
    }
    if (answer.status === 503 && attempt < 2) {
      await sleep(100 * 2 ** attempt);
      return requestToken(attempt + 1);
    }
    if (answer.status === 401 && is('client-refused-bounded') && attempt < 5) return requestToken(attempt + 1);
    if (answer.status === 401 && is('client-refused-reported')) throw new Hidden('wrong credentials');
    if (answer.status === 503 && is('token-unavailable-reported')) throw new Hidden('no token');
    throw new Error(`the token endpoint answered ${answer.status}`);
  }

  async function request() {
    if (is('token-renewed') && performance.now() > tokenUntil) throw new Error('the token has expired');
    if (token === undefined || performance.now() > tokenUntil || is('token-cached')) token = await requestToken();
    const signal = is('time-limit') ? undefined : AbortSignal.timeout(3000);
    const sent = { headers: { authorization: `Bearer ${token}` }, redirect: 'manual', signal };
    let answer;
    try {
      answer = await fetch(list, sent);
    } catch (error) {
      if (is('reset-reported') && error.name !== 'TimeoutError' && !/CERT/.test(error.cause?.code))
        throw new Hidden('reset');
      throw error;
    }
    if (answer.status === 302 && is('redirect-credentials')) return fetch(answer.headers.get('location'), sent);
    return answer;
  }

  async function fetchList() {
    let renewals = 0;
    let repeats = 0;
    // Of some pauses a few are alike, also on a slow machine.
    const attempts = is('unavailable-pauses') ? 6 : 3;
    for (let attempt = 0; ; attempt += 1) {
      const answer = await request();
      const { status } = answer;
      if (status === 200) return readList(answer);
      await answer.body?.cancel();
      if (status === 401) {
        if (is('unauthorized-renewed')) throw new Error('refused');
        if (renewals === (is('unauthorized-bounded') ? 8 : 1)) {
          throw is('unauthorized-reported') ? new Hidden('refused') : new Error('refused');
        }
        renewals += 1;
        token = undefined;
      } else if (status === 403) {
        if (is('forbidden-reported')) throw new Hidden('forbidden');
        if (!is('forbidden-not-retried') || repeats > 0) throw new Error('forbidden');
        repeats += 1;
      } else if (status === 429 && !is('too-many-requests-retried') && attempt < 3) {
        await sleep(is('retry-after-honoured') ? 100 : Number(answer.headers.get('retry-after')) * 1000);
      } else if (status === 503 && !is('unavailable-retried') && (attempt < attempts || is('unavailable-bounded'))) {
        await sleep(is('unavailable-pauses') ? 1000 : 100 * 2 ** attempt);
      } else {
        throw status === 503 && is('unavailable-reported') ? new Hidden('unavailable') : new Error(`answer ${status}`);
      }
    }
  }

  const known = new Set(['name', 'profileImage']);

  async function readList(answer) {
    const type = answer.headers.get('content-type') ?? '';
    if (type.startsWith('text/plain') && is('other-type-reported')) return [];
    if (type.startsWith('text/html') && is('login-page-reported')) return [];
    let body;
    try {
      body = await answer.text();
    } catch (error) {
      if (is('truncated-answer-reported')) return [];
      throw error;
    }
    if (body === '' && is('empty-answer-reported')) return [];
    if (!type.startsWith('application/json')) throw new Error(`the answer is ${type}`);
    const items = JSON.parse(body);
    for (const item of items) {
      if (is('unknown-fields') && Object.keys(item).some((name) => !known.has(name))) throw new Error('a new field');
      if (is('null-values')) item.profileImage.slice(1);
    }
    if (is('empty-list') && items.length === 0) throw new Error('no items');
    return is('many-items') ? items.slice(0, 100) : items;
  }

  function show(items) {
    const names = items.map(({ name }) => (is('every-script') ? name.replaceAll(/[^ -~]/g, '?') : name));
    return (is('order-kept') ? names.toSorted() : names).map((name) => `${name}\n`).join('');
  }

  async function once() {
    if (is('works')) throw new Error('broken from the start');
    const shown = show(await fetchList());
    await fetchList();
    const headers = { authorization: `Bearer ${token}` };
    if (is('no-account-in-path')) await fetch(`${list}/ricci`, { headers });
    if (is('no-browser-origin')) await fetch(list, { headers: { ...headers, origin: 'https://page.example' } });
    if (is('credentials-not-in-url')) await fetch(`${list}?access_token=${token}`);
    return shown;
  }

  return once;
}

/** Runs the program once. @returns its exit code. */
export async function main(env, print) {
  if (env.BROKEN === 'secret-not-printed') print(`Using ${env.ARZAMED_CLIENT_SECRET}\n`);
  try {
    print(await program(env)());
    return 0;
  } catch (error) {
    print(`${error.message}\n`);
    return error instanceof Hidden ? 0 : 1;
  }
}

if (import.meta.main) {
  const port = process.argv[2];
  if (port === undefined) process.exitCode = await main(process.env, (text) => process.stdout.write(text));
  else serve(Number(port), program(process.env));
}

function serve(port, once) {
  createServer((request, response) => {
    const answer = request.url === '/ready' ? Promise.resolve('') : once();
    answer.then(
      (shown) => response.end(shown),
      (error) => response.writeHead(502).end(error.message),
    );
  }).listen(port, '127.0.0.1');
}
