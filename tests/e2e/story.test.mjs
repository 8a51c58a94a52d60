// The main job as one story, played in Chromium by everybody who has a part in it: with script, and again ten days later without.
//   node --test tests/e2e/story.test.mjs        BINARY=build/asan/marketcross for the sanitized program
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Client, Town, browser, eventually, signIn } from './harness.mjs';
import { camt053, ublInvoice } from './papers.mjs';

const listing = 'Personal care at home'; // public £26.50 an hour; Eastmere agreed £23.10, Calderwick £23.95
const agreed = '23.10';
const day = 86400000;
let town, chrome;

before(async () => {
  town = await Town.open();
  await town.serve();
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await town?.close();
});

// ---------------------------------------------------------------- words and sums

const pounds = (pence) => '£' + (pence / 100).toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
const pence = (text) => Math.round(Number(text.replace(/[£,]/g, '')) * 100);
const civil = (date) => date.toLocaleDateString('en-GB', { timeZone: 'Europe/London', day: 'numeric', month: 'numeric', year: 'numeric' }).replaceAll('/', ' ');
const weekday = (date) => date.toLocaleDateString('en-GB', { timeZone: 'Europe/London', weekday: 'long' });
const main = (page) => page.locator('main').innerText();

async function moneyLeft(page, base = '') {
  await page.goto(`${town.url}${base}/money`);
  return pence((await main(page)).match(/There is (£[\d,.]+) left to use/)[1]);
}

// Fills the form of asking and comes to the page that says what it costs.
async function ask(page, { length, starts, weeks, outcome, note }) {
  const kept = page.getByRole('link', { name: 'Start with an empty form' });
  if (await kept.count()) await kept.click();
  await page.getByLabel('How long each time?').fill(length);
  await page.getByLabel(weekday(starts), { exact: true }).check();
  await page.getByLabel('From which day?').fill(civil(starts));
  await page.getByLabel('At what time?').fill('10:00');
  await page.getByLabel('For how many weeks?').fill(String(weeks));
  if (outcome) await page.getByLabel('What is it for?').selectOption({ label: outcome });
  if (note) await page.getByLabel('Anything the provider should know?').fill(note);
  await page.getByRole('button', { name: 'See what it costs' }).click();
}

async function openListing(page, title, base = '') {
  await page.goto(`${town.url}${base}/services?q=${encodeURIComponent(title)}`);
  await page.getByRole('link', { name: title, exact: true }).first().click();
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
}

// ---------------------------------------------------------------- one pass of the story

async function play(t, { script, clock }) {
  const today = new Date(clock ?? Date.now());
  const context = await chrome.newContext({ javaScriptEnabled: script, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  t.after(() => context.close());
  const enter = (name) => signIn(page, town.url, name);
  const told = {};

  await t.test('a visitor finds care near a postcode at the public price', async () => {
    await page.goto(town.url);
    await page.getByLabel('What are you looking for?').fill('personal care');
    await page.getByLabel('Your postcode').fill('EM1 2AB');
    await page.getByRole('button', { name: 'Search' }).click();
    const card = page.locator('.app-card', { has: page.getByRole('link', { name: listing, exact: true }) });
    assert.match(await card.innerText(), /£26\.50/);
    assert.match(page.url(), /near=EM1/);
  });

  await t.test('the agreed price shows to those whose council pays, and to nobody else, in every form of the page', async () => {
    const ref = town.sql(`SELECT ref FROM catalogue.listing WHERE title = '${listing}'`)[0][0];
    for (const [who, sees] of [[null, false], ['Margaret Lowe', false], ['Owen Price', false], ['Martin Vale', false], ['Amina Yusuf', true], ['Mei Chen', true]]) {
      const client = new Client(town);
      if (who) await client.signIn(who);
      const base = who === 'Mei Chen' ? `/for/${town.sql(`SELECT ref FROM identity.person WHERE name = 'Lily Chen'`)[0][0]}` : '';
      for (const path of [`/services/${ref}`, `/services?q=personal+care`, `/services.json?q=personal+care`, `/services.csv?q=personal+care`]) {
        const { status, text } = await client.get(base + path);
        assert.equal(status, 200, `${who} ${path}`);
        assert.ok(text.includes(listing), `${who} ${path} shows the listing`);
        assert.equal(/23\.10|\b2310\b/.test(text), sees, `${who} ${path} ${sees ? 'shows' : 'hides'} £${agreed}`);
      }
    }
  });

  await t.test('the budget holder sees her money and asks for two hours a week for six weeks', async () => {
    await enter('Amina Yusuf');
    const before = await moneyLeft(page);
    await openListing(page, listing);
    assert.match(await main(page), new RegExp(`£${agreed}.*your council’s price`));
    await page.getByRole('button', { name: 'Ask for this service' }).click();
    await ask(page, { length: '2 hours', starts: today, weeks: 6, outcome: 'Keep my home the way I like it', note: 'Please ring twice.' });
    const total = 6 * 2 * 2310;
    assert.match(await main(page), new RegExp(`${pounds(total)} in all`));
    assert.ok((await main(page)).includes(pounds(before - total)), 'says what would be left');
    await page.getByRole('button', { name: 'Ask for this service' }).click();
    await page.getByRole('heading', { name: `You have asked for ${listing}` }).waitFor();
    assert.ok((await main(page)).includes(`${pounds(total)} is set aside`));
    told.order = (await main(page)).match(/[2-9A-Z]{4}-[2-9A-Z]{4}/)[0];
    assert.equal(await moneyLeft(page), before - total, 'the total is held');
  });

  await t.test('who asks for more than there is learns how much is missing and what fits', async () => {
    const before = await moneyLeft(page);
    await openListing(page, listing);
    await page.getByRole('button', { name: 'Ask for this service' }).click();
    await ask(page, { length: '40 hours', starts: today, weeks: 30, outcome: 'See friends every week' });
    const said = await main(page);
    assert.match(said, /This cannot be asked for yet/);
    const short = pence(said.match(/it is (£[\d,.]+) short/)[1]);
    assert.equal(short, 30 * 40 * 2310 - before);
    const weeks = Number(said.match(/Ask for (\d+) weeks? instead/)[1]);
    assert.equal(weeks, Math.floor(before / (40 * 2310)));
    assert.equal(await moneyLeft(page), before, 'nothing was set aside');
  });

  await t.test('a broker asks for somebody under a mandate, and every page says for whom', async () => {
    await enter('Nadia Rahman');
    await page.getByRole('link', { name: /Tom Ashdown/ }).first().click();
    await page.waitForURL(/\/for\//);
    told.tom = new URL(page.url()).pathname.match(/^\/for\/[^/]+/)[0];
    const before = await moneyLeft(page, told.tom);
    await openListing(page, 'Walking company', told.tom);
    assert.match(await page.locator('.app-acting').innerText(), /You are acting for Tom Ashdown/);
    await page.getByRole('button', { name: 'Ask for this service' }).click();
    assert.match(await page.locator('.app-acting').innerText(), /Tom Ashdown/);
    await ask(page, { length: '1 hour', starts: today, weeks: 2, outcome: 'Get out of the house' });
    assert.match(await page.locator('.app-acting').innerText(), /Tom Ashdown/);
    await page.getByRole('button', { name: 'Ask for this service' }).click();
    await page.getByRole('heading', { name: 'You have asked for Walking company' }).waitFor();
    told.walk = (await main(page)).match(/[2-9A-Z]{4}-[2-9A-Z]{4}/)[0];
    assert.equal(await moneyLeft(page, told.tom), before - 2 * 1600);
  });

  await t.test('the providers accept', async () => {
    for (const [name, order] of [['Olivia Stone', told.order], ['Priya Nair', told.walk]]) {
      await enter(name);
      await page.goto(`${town.url}/provider`);
      await page.locator(`a[href="/provider/requests/${order}"]`).click();
      await page.getByRole('button', { name: 'Accept', exact: true }).click();
      await page.waitForURL(/\/provider/);
      await page.goto(`${town.url}/provider/requests/${order}`);
      assert.match(await main(page), /You accepted this/);
    }
  });

  // Eight days go by: two visits of each order lie behind.
  const later = new Date(today.getTime() + 8 * day);
  await town.serve({ clock: later.toISOString() });
  const visits = (order) => town.sql(`SELECT v.ref, v.planned_on FROM payments.visit v JOIN payments.orders o ON o.council_id = v.council_id AND o.id = v.order_id WHERE o.ref = '${order}' ORDER BY v.planned_on`);
  told.visits = visits(told.order);
  told.walks = visits(told.walk);

  await t.test('the providers say which visits happened', async () => {
    for (const [name, all] of [['Olivia Stone', told.visits.slice(0, 2)], ['Priya Nair', told.walks.slice(0, 1)]]) {
      await enter(name);
      for (const [ref, on] of all) {
        await page.goto(`${town.url}/provider/visits?from=${on}`);
        await page.locator(`form[action="/provider/visits/${ref}/happened"] button`).click();
        await eventually(`visit ${ref} is delivered`, () => town.sql(`SELECT state FROM payments.visit WHERE ref = '${ref}'`)[0][0] === 'delivered');
      }
    }
  });

  await t.test('the person confirms one visit and queries another', async () => {
    await enter('Amina Yusuf');
    await page.goto(`${town.url}/orders/${told.order}`);
    await page.locator(`form[action="/visits/${told.visits[0][0]}/confirm"] button`).click();
    await page.waitForURL(new RegExp(told.order));
    await page.locator(`a[href="/visits/${told.visits[1][0]}/query"]`).click();
    await page.getByLabel(/./).first().waitFor();
    await page.locator('main textarea, main input[type=text]').first().fill('She stayed for one hour only.');
    await page.getByRole('button', { name: 'Tell the provider' }).click();
    await page.waitForURL(new RegExp(told.order));
    assert.match(await main(page), /You said: She stayed for one hour only/);
    await enter('Nadia Rahman');
    await page.goto(`${town.url}${told.tom}/orders/${told.walk}`);
    await page.locator(`form[action="${told.tom}/visits/${told.walks[0][0]}/confirm"] button`).click();
    await page.waitForURL(new RegExp(told.walk));
    assert.deepEqual(town.sql(`SELECT state FROM payments.visit WHERE ref IN ('${told.visits[0][0]}', '${told.walks[0][0]}')`), [['confirmed'], ['confirmed']]);
  });

  const upload = async (what, verdict) => {
    await page.goto(`${town.url}/provider/invoices/upload`);
    const name = `${what.number}.xml`;
    await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/xml', buffer: Buffer.from(ublInvoice({ order: told.order, issued: later.toISOString().slice(0, 10), service: listing, ...what })) });
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.waitForURL(/\/provider\/(files|invoices)/);
    if (!/\/files\//.test(page.url())) await page.getByRole('link', { name, exact: true }).first().click();
    await eventually(`${name}: ${verdict}`, async () => {
      await page.reload();
      return (await page.locator('h1').innerText()).includes(verdict);
    });
  };
  const mark = script ? 'JS' : 'NS';

  await t.test('the provider sends an invoice that fits: no hand touches it; the micro-enterprise lets one be written', async () => {
    await enter('Olivia Stone');
    const [, on] = told.visits[0];
    await upload({ number: `HH-${mark}-1`, from: on, to: on, hours: 2, price: 2310 }, 'Your invoice is approved');
    assert.deepEqual(town.sql(`SELECT state, gross, hands FROM payments.invoice WHERE number = 'HH-${mark}-1'`), [['approved', '4620', '0']]);
    await enter('Priya Nair');
    await page.goto(`${town.url}/provider/invoices/self-bill`);
    await page.locator('select[name=order]').selectOption(told.walk);
    await page.getByRole('button', { name: 'Show the visits' }).click();
    assert.match(await main(page), /£16\.00/);
    await page.getByRole('button', { name: 'Issue this invoice' }).click();
    await page.waitForURL((u) => !u.pathname.endsWith('/self-bill'));
    assert.deepEqual(town.sql(`SELECT i.kind, i.state FROM payments.invoice i JOIN payments.invoice_line l ON l.council_id = i.council_id AND l.invoice_id = i.id WHERE l.order_ref = '${told.walk}'`), [['self_billed', 'approved']]);
  });

  await t.test('an invoice that does not fit waits for a person, with the reason in words', async () => {
    await enter('Olivia Stone');
    const [, on] = told.visits[1];
    await upload({ number: `HH-${mark}-2`, from: on, to: on, hours: 2, price: 2500 }, 'A person is looking at your invoice');
    await enter('Ravi Patel');
    await page.goto(`${town.url}/council/exceptions`);
    const rows = await page.locator('main tr', { hasText: `HH-${mark}-2` }).allInnerTexts();
    assert.ok(rows.some((r) => r.includes('The price is £25.00 for each hour; the order says £23.10.')), rows.join('\n'));
    assert.ok(rows.some((r) => /0 hours were delivered/.test(r)), rows.join('\n'));
  });

  await t.test('two officers release the payments; one alone cannot', async () => {
    await page.goto(`${town.url}/council/runs/new`);
    await page.getByRole('button', { name: 'Put it together' }).click();
    await page.waitForURL(/\/council\/runs\/[2-9A-Z]{4}-[2-9A-Z]{4}/);
    told.run = new URL(page.url()).pathname;
    await page.getByRole('button', { name: 'Freeze' }).click();
    await page.getByRole('button', { name: 'Approve' }).click();
    assert.match(await main(page), /You put this run together\. Somebody else has to approve it\./);
    await enter('Susan Oakes');
    await page.goto(town.url + told.run);
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.waitForURL(new RegExp(told.run));
    await enter('Ravi Patel');
    await page.goto(town.url + told.run);
    await page.getByRole('button', { name: 'Make the payment file' }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /Download the pain/ }).click()]);
    told.pain = readFileSync(await download.path(), 'utf8');
    assert.match(told.pain, /urn:iso:std:iso:20022:tech:xsd:pain\.001\.001\.09/);
  });

  await t.test('the bank statement settles the run by itself', async () => {
    const [opening] = town.sql(`SELECT closing FROM payments.statement WHERE council_id = 1 ORDER BY id DESC LIMIT 1`)[0];
    const statement = camt053(told.pain, { id: `E2E-${mark}`, day: told.pain.match(/<ReqdExctnDt><Dt>([^<]+)/)[1], opening: Number(opening) });
    await page.goto(`${town.url}/council/statements`);
    await page.locator('input[type=file]').setInputFiles({ name: 'statement.xml', mimeType: 'application/xml', buffer: Buffer.from(statement) });
    await page.getByRole('button', { name: 'Send it' }).click();
    await page.waitForURL(/\/statements\/files\//);
    await eventually('the statement is read', async () => {
      await page.reload();
      return (await page.locator('h1').innerText()) === 'The statement was read';
    });
    await page.goto(`${town.url}/council/statements`);
    assert.match(await main(page), /Books and bank agree/);
    const ref = told.run.split('/').pop();
    assert.deepEqual(town.sql(`SELECT state FROM payments.run WHERE ref = '${ref}'`), [['settled']]);
    assert.deepEqual(town.sql(`SELECT state FROM payments.invoice WHERE number = 'HH-${mark}-1'`), [['paid']]);
  });

  await t.test('the auditor follows a pound from the budget to the bank and verifies the log', async () => {
    await enter('Peter Lindqvist');
    await page.goto(`${town.url}/council/audit?q=Amina`);
    await page.getByRole('link', { name: /audit report/ }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Amina Yusuf' }).waitFor();
    await page.getByRole('link', { name: /Follow the pound/ }).click();
    const trail = (await page.locator('main tr', { hasText: told.order }).allInnerTexts()).join('\n');
    for (const step of ['asked for', 'confirmed', 'queried', 'invoice approved', 'payment settled', 'paid by the bank']) assert.ok(trail.includes(step), `${step} in\n${trail}`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download as CSV' }).click()]);
    assert.match(readFileSync(await download.path(), 'utf8'), new RegExp(`${told.order}[^\n]*46\\.20|46\\.20[^\n]*${told.order}`));
    await page.goto(`${town.url}/council/audit/log`);
    await eventually('the log is looked at', async () => { await page.reload(); return /with [\d,]+ acts and [\d,]+ postings, were checked on/.test(await main(page)); });
    assert.match(await main(page), /The log is whole/);
    await page.getByRole('link', { name: 'Every check so far' }).click();
    assert.match(await page.locator('main tbody tr').first().innerText(), /Whole/);
    await page.goto(`${town.url}/council/audit/log`);
    await page.getByRole('link', { name: 'Check everything now' }).click();
    await page.getByRole('heading', { level: 1, name: 'The log, checked now' }).waitFor();
    assert.match(await main(page), /The log is whole/);
    assert.equal(await town.verify(), '');
  });

  await t.test('the officer sees how many invoices no hand touched', async () => {
    await enter('Ravi Patel');
    await page.goto(`${town.url}/council`);
    const said = await main(page);
    const [, touchless, received] = said.match(/(\d+) of the (\d+) invoices received/);
    assert.ok(Number(touchless) > 0 && Number(touchless) < Number(received), said);
    assert.match(said, /\d+(\.\d+)?\s?%/);
  });
}

test('the story, with script', (t) => play(t, { script: true }));
test('the story ten days later, without script', async (t) => {
  const clock = new Date(Date.now() + 10 * day).toISOString();
  await town.serve({ clock });
  await play(t, { script: false, clock });
});
