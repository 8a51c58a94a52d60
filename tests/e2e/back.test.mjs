// The browser's Back and Reload: every page that a form leads to has an address of its own, and nothing is sent twice.
//   node --test tests/e2e/back.test.mjs
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, Town, browser, formsOf, iso, signIn, textOf } from './harness.mjs';

let town, chrome, listing;

before(async () => {
  town = await Town.open();
  await town.serve();
  chrome = await browser();
  listing = town.sql(`SELECT ref FROM catalogue.listing WHERE title = 'Personal care at home'`)[0][0];
});
after(async () => {
  await chrome?.close();
  await town?.close();
});

const typed = (days) => iso(days).split('-').reverse().map(Number).join(' ');
const orders = () => Number(town.sql('SELECT count(*) FROM payments.orders')[0][0]);
async function open(t, name, script = true) {
  const context = await chrome.newContext({ javaScriptEnabled: script });
  t.after(() => context.close());
  const page = await context.newPage();
  await signIn(page, town.url, name);
  return page;
}
const said = (page) => page.locator('main').innerText();
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

for (const script of [true, false])
  test(`Back from the confirmation says that it was asked already, and nothing asks twice, ${script ? 'with' : 'without'} script`, async (t) => {
    const page = await open(t, 'Amina Yusuf', script);
    const before = orders();
    await page.goto(`${town.url}/ask/${listing}`);
    await page.getByLabel('How long each time?').fill('a while');
    await page.getByLabel('From which day?').fill(typed(3));
    await page.getByLabel('What is it for?').selectOption({ index: 1 });
    await page.getByLabel('Anything the provider should know?').fill('Key safe: 1234');
    await press(page, 'See what it costs');
    assert.match(await page.title(), /^Error: /);
    await page.getByLabel('How long each time?').fill('1 hour');
    await press(page, 'See what it costs');
    assert.match(await said(page), /Check before you send it[^]*Key safe: 1234/);
    assert.doesNotMatch(page.url(), /Key|1234/, 'no answer stands in an address');
    await page.reload();
    assert.match(await said(page), /Check before you send it/);
    await page.goBack();
    assert.match(await said(page), /There is a problem[^]*Enter how long each time/);
    assert.match(await page.getByLabel('How long each time?').inputValue(), /^(a while|1 hour)$/, 'as it was sent, or as the browser remembers it');
    await page.goForward();
    await press(page, 'Ask for this service');
    assert.match(await said(page), /You have asked for Personal care at home/);
    assert.equal(orders(), before + 1);
    await page.reload();
    await page.goBack();
    assert.match(await said(page), /You have already asked for this[^]*It was sent once/);
    await page.reload();
    assert.match(await said(page), /You have already asked for this/);
    await page.getByRole('link', { name: 'See the request' }).click();
    assert.match(new URL(page.url()).pathname, /^\/orders\//);
    await page.goBack();
    await page.getByRole('link', { name: 'Ask for this service again' }).click();
    assert.equal(await page.getByLabel('From which day?').inputValue(), '', 'a new request starts empty');
    assert.equal(orders(), before + 1);
  });

test('the check page sent again from a second window leads to the first order; asking anew makes a second one', async () => {
  const amina = new Client(town);
  await amina.signIn('Amina Yusuf');
  const outcome = town.sql(`SELECT o.ref FROM payments.outcome o JOIN identity.person p ON (p.council_id, p.id) = (o.council_id, o.person_id) WHERE p.name = 'Amina Yusuf' LIMIT 1`)[0][0];
  const answers = { minutes: '30 minutes', starts_on: typed(4), outcome };
  const ask = async () => amina.submit(await amina.form(`/ask/${listing}`, `/ask/${listing}/check`), answers);
  const page = await ask(), before = orders();
  const [first, second] = [formsOf(page.text), formsOf((await amina.get(page.path)).text)].map((f) => f.find((x) => x.action === `/ask/${listing}`));
  const sent = await Promise.all([first, second].map((f) => amina.submit(f)));
  assert.equal(sent[0].path, sent[1].path);
  assert.equal(orders(), before + 1);
  assert.match(textOf((await amina.get(page.path)).text), /You have already asked for this/);
  const other = await ask();
  assert.notEqual(other.path, page.path);
  await amina.submit(formsOf(other.text).find((x) => x.action === `/ask/${listing}`));
  assert.equal(orders(), before + 2);
});

test('what is refused when it is sent can be sent again once it fits', async () => {
  const amina = new Client(town);
  await amina.signIn('Amina Yusuf');
  const outcome = town.sql(`SELECT o.ref FROM payments.outcome o JOIN identity.person p ON (p.council_id, p.id) = (o.council_id, o.person_id) WHERE p.name = 'Amina Yusuf' LIMIT 1`)[0][0];
  const page = await amina.submit(await amina.form(`/ask/${listing}`, `/ask/${listing}/check`), { minutes: '30 minutes', starts_on: typed(5), outcome });
  const send = async (html) => amina.submit(formsOf(html).find((x) => x.action === `/ask/${listing}`));
  const freeze = (frozen) => town.sql(`UPDATE ledger.account a SET frozen = ${frozen} FROM identity.person p WHERE (p.council_id, p.id) = (a.council_id, a.person_id) AND p.name = 'Amina Yusuf'`);
  freeze(true);
  const refused = await send(page.text);
  assert.equal(refused.status, 409);
  assert.match(textOf(refused.text), /paused/);
  freeze(false);
  assert.match(textOf((await send((await amina.get(page.path)).text)).text), /You have asked for/);
});

test('what somebody typed is read by nobody else', async () => {
  const amina = new Client(town), george = new Client(town), nadia = new Client(town);
  await amina.signIn('Amina Yusuf');
  await george.signIn('George Whitlock');
  await nadia.signIn('Nadia Rahman');
  const page = await amina.submit(await amina.form(`/ask/${listing}`, `/ask/${listing}/check`), { starts_on: typed(4), note: 'for me alone' });
  assert.match(textOf(page.text), /for me alone|cannot be asked for yet/);
  const kept = page.path.split('/').pop();
  const base = `/for/${town.sql(`SELECT ref FROM identity.person WHERE name = 'Tom Ashdown'`)[0][0]}`;
  for (const [who, address] of [[george, page.path], [george, `/ask/${listing}?kept=${kept}`], [nadia, `${base}${page.path}`], [nadia, `${base}/ask/${listing}?kept=${kept}`]]) {
    const answer = await who.get(address);
    assert.doesNotMatch(answer.text, /for me alone/);
    assert.match(textOf(answer.text), /Ask for Personal care/);
  }
  assert.match((await amina.get(`/ask/${listing}`)).text, /for me alone/, 'she finds it again on the form');
  for (const none of ['no-key', '00000000-0000-4000-8000-000000000000']) assert.ok([200, 404].includes((await amina.get(`/ask/${listing}/check/${none}`)).status));
});

// Whose form, where it is, what is wrong with it first, what is right.
const journeys = [
  ['Amina Yusuf', '/helpers/add', { 'Their email address': 'nobody' }, { 'Their email address': 'nadia.rahman@town.example' }, ['See my money and my orders'], 'Let them help'],
  ['Amina Yusuf', '/worried', {}, { 'What worries you?': 'She has not been seen since Monday.' }, [], /send|tell/i],
  ['Bev Horton', '/provider/bank', { 'Sort code': '1' }, {}, [], null],
  ['Ravi Patel', '/council/income/new', { 'How much': 'lots' }, {}, [], null],
];

for (const [name, path, wrong, right, ticks, button] of journeys)
  test(`a form at ${path} that was refused can be gone back to, with its answers`, async (t) => {
    const page = await open(t, name, false);
    await page.goto(`${town.url}${path}`);
    for (const [label, value] of Object.entries(wrong)) await page.getByLabel(label).first().fill(value);
    await page.locator('main form button').last().click();
    assert.match(await page.title(), /^Error: /);
    for (const [label, value] of Object.entries(wrong)) assert.equal(await page.getByLabel(label).first().inputValue(), value);
    const refused = page.url();
    for (const [label, value] of Object.entries(right)) await page.getByLabel(label).first().fill(value);
    for (const tick of ticks) await page.getByLabel(tick).check();
    if (button) {
      await page.locator('main').getByRole('button', { name: button }).click();
      assert.doesNotMatch(await page.title(), /^Error: /);
      await page.reload();
    } else {
      await page.goto(`${town.url}/help`);
    }
    await page.goBack();
    assert.equal(page.url(), refused);
    assert.match(await page.title(), /^Error: /);
    for (const [label, value] of Object.entries(wrong)) assert.ok([value, right[label]].includes(await page.getByLabel(label).first().inputValue()), 'as it was sent, or as the browser remembers it');
  });

test('a visitor goes back to a form that was refused too', async (t) => {
  const context = await chrome.newContext({ javaScriptEnabled: false });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${town.url}/join/apply`);
  await page.getByLabel('Your name').first().fill('Jo Bright');
  await page.locator('main form button').last().click();
  assert.match(await page.title(), /^Error: /);
  await page.goto(`${town.url}/help`);
  await page.goBack();
  assert.match(await page.title(), /^Error: Offer your help/);
  assert.equal(await page.getByLabel('Your name').first().inputValue(), 'Jo Bright');
});
