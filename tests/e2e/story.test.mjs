// The main job as one story, played in Chromium by everybody who has a part in it: with script, and again ten days later without.
//   node --test tests/e2e/story.test.mjs        BINARY=build/asan/marketcross for the sanitized program
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, Town, browser, eventually, signIn } from './harness.mjs';

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
}

test('the story, with script', (t) => play(t, { script: true }));
