// The console in a real browser, as a person uses it. Skipped where no chromium is installed.
import { existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'puppeteer-core';
import { emptyRecord } from '../../src/mock/http/record.ts';
import type { Mock } from '../../src/mock/index.ts';
import { bearerOf, keyOf } from '../support/http.ts';
import { isLong } from '../support/runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const scope = 'https://api.nextgen.arzamed.com/read';
const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

let mock: Mock;
let browser: Browser;
let page: Page;
/** What the page asked for elsewhere, and what it complained about; each test expects nothing. */
const foreign: string[] = [];
const complaints: string[] = [];

async function newPage(): Promise<Page> {
  const opened = await browser.newPage();
  // Less than a test has, so that a failure says what the page shows.
  opened.setDefaultTimeout(15_000);
  opened.on('request', (request) => {
    if (!/^(?:data|blob|about):/.test(request.url()) && new URL(request.url()).hostname !== '127.0.0.1')
      foreign.push(request.url());
  });
  opened.on('pageerror', (error) => complaints.push(String(error)));
  opened.on('console', (message) => {
    // A refusal of the control API is told as one.
    if (message.type() === 'error' && !message.text().includes('the server responded with a status of'))
      complaints.push(message.text());
  });
  return opened;
}

/** Opens a view, anew. */
async function open(view: string, url = mock.url): Promise<void> {
  const [console, hash] = [`${url}/_mock/console`, `#/${view}`];
  if (page.url().startsWith(`${console}#`)) {
    // Faster than to leave the page and come back.
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await page.reload({ waitUntil: 'domcontentloaded' });
  } else {
    await page.goto(console + hash, { waitUntil: 'domcontentloaded' });
  }
  await page.waitForSelector('main > *');
}

/** Leaves the page of a mock that is about to end, which the page would complain about. */
async function leave(): Promise<void> {
  await page.goto('about:blank');
}

const named = (name: string): string => `::-p-aria(${name})`;

async function click(name: string): Promise<void> {
  await page.locator(named(name)).click();
}

async function goTo(view: string): Promise<void> {
  await page.locator(`[aria-label="Views"] a[href$="/${view}"]`).click();
}

/** Waits until the page shows a text. */
async function sees(text: string): Promise<void> {
  const shown = `document.body.innerText.includes(${JSON.stringify(text)})`;
  await page.waitForFunction(shown).catch(async () => {
    throw new Error(`The page does not show "${text}":\n${String(await page.evaluate('document.body.innerText'))}`);
  });
}

async function callAs(authorization: string | undefined, path = '/equipe/doctors', at = mock.baseUrl): Promise<number> {
  const headers = authorization === undefined ? {} : { authorization };
  const response = await fetch(at + path, { headers });
  await response.text();
  return response.status;
}

/** A browser takes seconds; `npm test` has the paths that a person takes first. */
const inLongRun = isLong ? test : test.skip;

(chromium === undefined ? describe.skip : describe)('the console in a browser', () => {
  beforeAll(async () => {
    mock = await startUsualMock();
    const { launch } = await import('puppeteer-core');
    // Containers have neither a sandbox for the browser nor much shared memory.
    const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
    browser = await launch({ executablePath: chromium ?? '', args, headless: true });
    page = await newPage();
    await page.setViewport({ width: 1280, height: 800 });
  }, 60_000);
  beforeEach(() => mock.reset());
  afterEach(() => {
    expect({ foreign: foreign.splice(0), complaints: complaints.splice(0) }).toEqual({ foreign: [], complaints: [] });
  });
  afterAll(async () => {
    await browser.close();
    await mock.close();
  });

  test('shows in two clicks why a call got 403, and what to do', async () => {
    const bearer = await bearerOf(mock, 'bianchi', { scope });
    mock.keys.revoke('bianchi-backend');
    expect(await callAs(bearer)).toBe(403);
    await open('problems');
    await sees('The API key was revoked.');
    await page.locator('article a').click();
    await page.waitForSelector('aside .cause');
    await sees('Do not retry');
    await sees('What was checked');
    await sees('request 1');
  });

  test('revokes a key, tells how curl would, and shows the next call live', async () => {
    const bearer = await bearerOf(mock, 'bianchi', { scope });
    await open('world');
    await click('Revoke bianchi-backend');
    await sees(`curl -sS -X POST ${mock.url}/_mock/keys/bianchi-backend/revoke`);
    await page.waitForSelector(named('Restore bianchi-backend'));
    await goTo('requests');
    await page.waitForSelector('.row');
    expect(await callAs(bearer)).toBe(403);
    await sees('revoked_key');
  });

  test('sets a fault from a preset', async () => {
    const bearer = await bearerOf(mock, 'bianchi', { scope });
    await open('world');
    await click('unavailable');
    await sees('{"status":503,"count":2}');
    await click('Set fault');
    await page.waitForSelector(named('Clear fault-1'));
    expect([await callAs(bearer), await callAs(bearer), await callAs(bearer)]).toEqual([503, 503, 200]);
  });

  inLongRun('makes a fault of any field of the schema', async () => {
    await open('world');
    await page.locator('::-p-aria([name="status"][role="spinbutton"])').fill('429');
    await page.locator('::-p-aria([name="headers"][role="textbox"])').fill('Retry-After: 7');
    await page.select(await idOf('operationId'), 'listDoctors');
    await page.locator('::-p-aria([name="milliseconds"][role="spinbutton"])').fill('5');
    await click('Set fault');
    await page.waitForSelector(named('Clear fault-1'));
    expect(mock.faults.list()).toEqual([
      {
        id: 'fault-1',
        operationId: 'listDoctors',
        status: 429,
        headers: { 'Retry-After': '7' },
        delay: { milliseconds: 5 },
      },
    ]);
  });

  inLongRun('advances the clock, so that tokens expire', async () => {
    const bearer = await bearerOf(mock, 'bianchi', { scope });
    await open('world');
    await click('+1 h');
    await sees('/_mock/clock/advance -d \'{"hours":1}\'');
    await page.waitForSelector('.clock.set');
    expect(await callAs(bearer)).toBe(401);
    await goTo('problems');
    await sees('expired');
  });

  inLongRun('shows what in an answer violates the specification before it is sent', async () => {
    await open('world');
    const editor = named('Answer as JSON');
    await page.waitForFunction("document.querySelector('[aria-label=\"Answer as JSON\"]').value.includes('Marco')");
    await page.locator(editor).fill('[{ "name": 7, "profileImage": null }]');
    await sees('$[0].name: expected string, found 7');
    expect(await page.$eval('::-p-aria(Replace)', (button) => button.hasAttribute('disabled'))).toBe(true);
    await page.locator(editor).fill('[]');
    await sees('It conforms to the specification.');
    await click('Replace');
    await sees('Done.');
    const response = await fetch(`${mock.baseUrl}/equipe/doctors`, {
      headers: { authorization: await bearerOf(mock, 'bianchi', { scope }) },
    });
    expect(await response.json()).toEqual([]);
  });

  inLongRun('starts and stops a scenario', async () => {
    const bearer = await bearerOf(mock, 'bianchi', { scope });
    await open('world');
    await click('Start rate-limit');
    await page.waitForSelector(named('Stop rate-limit'));
    // On a slow machine some are free again before sixty are used.
    const statuses: number[] = [];
    while (!statuses.includes(429) && statuses.length < 300) statuses.push(await callAs(bearer));
    expect(statuses.indexOf(429)).toBeGreaterThanOrEqual(60);
    await click('Stop rate-limit');
    await page.waitForSelector(named('Start rate-limit'));
    expect(await callAs(bearer)).toBe(200);
  });

  inLongRun('shows the clinics as they are after their files have changed', async () => {
    await using folder = await temporaryFolder();
    await cp('mocks/clinics', folder.path, { recursive: true });
    await using watched = await startUsualMock({ clinics: folder.path });
    await open('world', watched.url);
    await page.waitForSelector(named('Revoke bianchi-backend'));
    const file = join(folder.path, 'bianchi.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll('bianchi-backend', 'bianchi-other'));
    await watched.reload();
    await page.waitForSelector(named('Revoke bianchi-other'));
    await leave();
  });

  inLongRun('hides secrets until they are asked for', async () => {
    const { clientSecret } = keyOf(mock, 'bianchi');
    await open('world');
    await page.waitForSelector(named('Show the secret of bianchi-backend'));
    expect(await page.evaluate('document.body.innerText')).not.toContain(clientSecret);
    await click('Show the secret of bianchi-backend');
    await sees(clientSecret);
  });

  inLongRun('keeps two sandboxes apart', async () => {
    await using one = mock.sandboxes.create();
    await using other = mock.sandboxes.create();
    await callAs(undefined, '/equipe/one', one.baseUrl);
    await callAs(undefined, '/equipe/other', other.baseUrl);
    await open('requests');
    await click(String(one.id).slice(0, 8));
    await sees('/equipe/one');
    await click(String(other.id).slice(0, 8));
    await sees('/equipe/other');
    expect(await page.evaluate('document.body.innerText')).not.toContain('/equipe/one');
    await goTo('world');
    await click('Revoke bianchi-backend');
    await page.waitForSelector(named('Restore bianchi-backend'));
    expect([one, other].map((each) => each.keys.list('bianchi')[0]?.status)).toEqual(['active', 'revoked']);
  });

  test('asks for the control token once, and keeps it in memory alone', async () => {
    await using guarded = await startUsualMock({ controlToken: 'canary' });
    await open('problems', guarded.url);
    const token = named('Token');
    await page.locator(token).fill('wrong');
    await click('Open');
    await page.waitForSelector('[role="alert"]');
    // As a person does, and not by emptying the field unseen: the page may draw it again meanwhile.
    await page.locator(token).click({ count: 3 });
    await page.keyboard.type('canary');
    await click('Open');
    await sees('Nothing was asked yet');
    await callAs(undefined, '/equipe/live', guarded.baseUrl);
    await goTo('requests');
    await sees('/equipe/live');
    const kept =
      'JSON.stringify([localStorage, sessionStorage, document.cookie, location.href, document.body.outerHTML])';
    expect(await page.evaluate(kept)).not.toContain('canary');
    await leave();
  });

  test('asks for the control token also where the mock refuses before the page is drawn', async () => {
    using early = await newPage();
    const refuse = "new Response('{}', { status: 401 })";
    await early.evaluateOnNewDocument(`window.fetch = () => Promise.resolve(${refuse})`);
    await early.goto(`${mock.url}/_mock/console`, { waitUntil: 'domcontentloaded' });
    await early.waitForSelector(named('Token'));
  });

  inLongRun('calls an operation with the credentials of a clinic, which is no finding', async () => {
    await open('reference/listDoctors');
    await sees("The vendor's Doctors page");
    await click('Try it');
    await page.waitForSelector('.try .status.good');
    expect(mock.journal.find().map(({ status, clinic }) => [status, clinic])).toEqual([
      [200, 'bianchi'],
      [200, 'bianchi'],
    ]);
    expect(mock.findings.list()).toEqual([]);
  });

  test('shows hostile texts, and runs none of them', async () => {
    const hostile = '"><img src=x onerror="document.title=1"><script>alert(1)</script>${1}{{1}}';
    const record = {
      ...emptyRecord,
      method: 'GET',
      path: `/${hostile}`,
      status: 404,
      violations: [hostile],
    };
    const request = {
      query: { [hostile]: [hostile] },
      headers: { [hostile]: hostile, a: 'javascript:alert(1)' },
      body: hostile,
    };
    const id = mock.journal.record({ ...record, clientId: hostile, operationId: hostile, origin: hostile, request }, 0);
    await open(`requests/${id}`);
    await page.waitForSelector('aside');
    await sees(hostile);
    await open('problems');
    await page.waitForSelector('section');
    expect(await page.evaluate("document.querySelectorAll('body img, body script, [onerror]').length")).toBe(0);
    expect(await page.title()).not.toBe('1');
  });

  inLongRun('can be used by the keyboard alone', async () => {
    const bearer = await bearerOf(mock, 'bianchi', { scope });
    await callAs(bearer);
    await callAs(undefined);
    await open('requests');
    await page.waitForSelector('.row');
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.type')).toBe('search');
    await page.keyboard.type('doctors');
    await page.focus('.list');
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('aside[aria-label="Request 3"]');
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('aside[aria-label="Request 2"]');
    await page.keyboard.press('Tab');
    expect(await page.evaluate("document.activeElement.closest('aside') !== null")).toBe(true);
    await page.keyboard.press('Enter');
    await page.waitForSelector('aside', { hidden: true });
  });

  inLongRun(
    'opens with 10,000 requests, and draws on while 200 a second come',
    async () => {
      for (let index = 0; index < 10_000; index += 1) fill(index);
      const drawn = await page.evaluateOnNewDocument(`
      const look = () => document.querySelector('.row') ? (globalThis.drawn = performance.now()) : requestAnimationFrame(look);
      requestAnimationFrame(look);`);
      await open('requests');
      await page.waitForFunction('globalThis.drawn');
      const opened = Number(await page.evaluate('globalThis.drawn'));
      await page.removeScriptToEvaluateOnNewDocument(drawn.identifier);
      const frames = page.evaluate(`new Promise((resolve) => {
      const gaps = [];
      let before = performance.now();
      const look = (now) => {
        gaps.push(now - before);
        before = now;
        if (document.querySelector('#row-10200')) resolve(gaps.toSorted((a, b) => a - b));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    })`);
      let sent = 0;
      const timer = setInterval(() => {
        fill(sent);
        sent += 1;
        if (sent >= 200) clearInterval(timer);
      }, 5);
      const gaps = Object.values(Object(await frames)).map(Number);
      const [median = 0, late = 0] = [0.5, 0.95].map((share) => gaps[Math.floor(gaps.length * share)] ?? 0);
      if (process.env['CONSOLE_FIGURES'])
        process.stdout.write(`${JSON.stringify({ opened, median, late, most: gaps.at(-1) })}\n`);
      expect({ opened: opened < 3000, median: median < 100, late: late < 300 }).toEqual({
        opened: true,
        median: true,
        late: true,
      });
    },
    30_000,
  );

  test.each(isLong ? ['light', 'dark'] : ['light'])(
    'passes axe-core in each view, %s',
    async (scheme) => {
      const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      const bearer = await bearerOf(mock, 'bianchi', { scope });
      mock.faults.add({ status: 503, count: 1 });
      for (const each of [bearer, bearer, undefined]) await callAs(each);
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      const found: [view: string, violations: unknown][] = [];
      const selectors = {
        problems: 'article',
        'requests/2': 'aside .checks',
        ...(isLong ? { world: '.presets', 'reference/listDoctors': '.try' } : {}),
      };
      for (const [view, selector] of Object.entries(selectors)) {
        await open(view);
        await page.waitForSelector(selector);
        await page.evaluate(axe);
        // Colours are all that differs.
        const rules = scheme === 'light' ? '' : "document, { runOnly: 'color-contrast' }";
        const run = `axe.run(${rules}).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`;
        found.push([view, await page.evaluate(run)]);
      }
      expect(found).toEqual(Object.keys(selectors).map((view) => [view, []]));
    },
    30_000,
  );

  inLongRun('is usable at 390 pixels', async () => {
    await callAs(undefined);
    await page.setViewport({ width: 390, height: 844 });
    for (const view of ['problems', 'requests/1', 'world', 'reference/listDoctors']) {
      await open(view);
      expect([view, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([view, 390]);
    }
    await page.setViewport({ width: 1280, height: 800 });
  });
});

async function idOf(label: string): Promise<string> {
  const id = await page.$eval(`::-p-aria([name="${label}"][role="combobox"])`, (field) => field.id);
  return `#${id}`;
}

function fill(index: number): void {
  const status = index % 7 === 0 ? 503 : 200;
  mock.journal.record(
    { ...emptyRecord, method: 'GET', path: `/api/v1/items/${index}`, status, clinic: 'bianchi', milliseconds: 1 },
    Date.now(),
  );
}
