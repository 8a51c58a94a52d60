// What people answered is said back, kept when something is wrong, and what a page then tells them is so.
//   node --test tests/e2e/answers.test.mjs
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

const as = async (name) => {
  const client = new Client(town);
  await client.signIn(name);
  return client;
};
const typed = (days) => iso(days).split('-').reverse().map(Number).join(' ');
const outcomeOf = (name) =>
  town.sql(`SELECT o.ref FROM payments.outcome o JOIN identity.person p ON p.council_id = o.council_id AND p.id = o.person_id WHERE p.name = '${name}' LIMIT 1`)[0][0];
const answers = (name) => ({
  minutes: '1h30', quantity: '', weekdays: ['1', '4'], starts_on: typed(3), starts_at: '2.30pm', weeks: '2', outcome: outcomeOf(name), note: 'Key safe: <1234>',
});
const check = async (client, name, other = {}) =>
  client.submit(await client.form(`/ask/${listing}`, `/ask/${listing}/check`), { ...answers(name), ...other });
// The order asked for, by its reference.
async function order(client, name, other = {}) {
  const page = await check(client, name, other);
  const form = formsOf(page.text).find((f) => f.action === `/ask/${listing}`);
  return (await client.submit(form)).path.split('/')[2];
}
const errorOf = ({ text }) => textOf(`<main>${text.match(/govuk-error-summary__list[^>]*>([^]*?)<\/ul>/)?.[1] ?? ''}`);

for (const script of [true, false])
  test(`the check page says back every answer, and changing one keeps the others, ${script ? 'with' : 'without'} script`, async (t) => {
    const context = await chrome.newContext({ javaScriptEnabled: script });
    const page = await context.newPage();
    t.after(() => context.close());
    await signIn(page, town.url, 'Amina Yusuf');
    await page.goto(`${town.url}/ask/${listing}`);
    await page.getByLabel('How long each time?').fill('10 minutes');
    await page.getByLabel('Monday').check();
    await page.getByLabel('From which day?').fill(typed(3));
    await page.getByLabel('At what time?').fill('2.30pm');
    await page.getByLabel('For how many weeks?').fill('1');
    await page.getByLabel('What is it for?').selectOption({ index: 1 });
    await page.getByLabel('Anything the provider should know?').fill('Key safe: <1234>');
    await page.getByRole('button', { name: 'See what it costs' }).click();
    assert.match(await page.locator('main').innerText(), /This cannot be asked for yet[^]*at least 30 minutes/);
    await page.getByRole('link', { name: 'Change what you ask for' }).click();
    assert.equal(await page.getByLabel('At what time?').inputValue(), '2.30pm');
    assert.ok(await page.getByLabel('Monday').isChecked());
    await page.getByLabel('How long each time?').fill('90 minutes');
    await page.getByRole('button', { name: 'See what it costs' }).click();
    const said = await page.locator('main').innerText();
    for (const answer of [/1 hour 30 minutes/, /Every Monday at 14:30, from .*, for 1 week\b/, /What it is for/, /Key safe: <1234>/]) assert.match(said, answer);
  });

test('a time is read as people write it; one that is none is asked for again, with every answer kept', async () => {
  const amina = await as('Amina Yusuf');
  for (const [time, shown] of [['9', '09:00'], ['9am', '09:00'], ['9.30 PM', '21:30'], ['noon', '12:00']])
    assert.match(textOf((await check(amina, 'Amina Yusuf', { starts_at: time })).text), new RegExp(`Every Monday, Thursday at ${shown}`));
  const again = await check(amina, 'Amina Yusuf', { starts_at: 'half nine' });
  assert.equal(again.status, 422);
  assert.equal(errorOf(again), 'Enter a time, like 9:30am or 14:15');
  for (const kept of ['value="half nine"', 'value="1h30"', 'Key safe: &lt;1234&gt;']) assert.ok(again.text.includes(kept), kept);
});

test('weeks without days, and days that no budget is for, are told apart from money that is missing', async () => {
  const amina = await as('Amina Yusuf');
  const none = await check(amina, 'Amina Yusuf', { weekdays: [] });
  assert.equal(none.status, 422);
  assert.match(errorOf(none), /Choose the days/);
  const beyond = textOf((await check(amina, 'Amina Yusuf', { minutes: '30 minutes', starts_on: typed(360), weeks: '53', weekdays: ['1'] })).text);
  assert.match(beyond, /There is no budget for some of the days you chose\./);
  assert.match(beyond, /there is no budget for \d+ \w+ \d{4}\. Or ask the council about one\./);
  assert.doesNotMatch(beyond, /short/);
});

test('how many are asked for is said as people say it', async () => {
  const amina = await as('Amina Yusuf');
  const meal = town.sql(`SELECT ref FROM catalogue.listing WHERE title = 'Hot meal at your door'`)[0][0];
  const ask = async (quantity) => amina.submit(await amina.form(`/ask/${meal}`, `/ask/${meal}/check`), { ...answers('Amina Yusuf'), minutes: '', quantity });
  for (const [quantity, said] of [['', '1 meal'], ['1', '1 meal'], ['3', '3 meals']]) assert.match(textOf((await ask(quantity)).text), new RegExp(`Each time ${said} When`));
  assert.match(errorOf(await ask('1001')), /from 1 to 1,000/);
});

test('what the database refused is corrected and sent again', async () => {
  const george = await as('George Whitlock');
  const first = await george.submit(await george.form('/helpers/add', '/helpers/add'), { email: 'nobody@nowhere.example', rights: ['see', 'order'], ends_on: typed(30) });
  assert.match(errorOf(first), /Nobody with this email address/);
  const corrected = formsOf(first.text).find((f) => f.action === '/helpers/add');
  const past = await george.submit(corrected, { email: 'nadia.rahman@town.example', rights: ['see', 'order'], ends_on: '1 1 2020' });
  assert.equal(errorOf(past), 'The last day must be today or later');
  const done = await george.submit(formsOf(past.text).find((f) => f.action === '/helpers/add'), { rights: ['see', 'order'], ends_on: typed(30) });
  assert.equal(done.path, '/helpers');
  assert.match(textOf(done.text), /Nadia Rahman May see money and orders, ask for services/);
});

test('what somebody may do, and why, is said in words', async () => {
  const said = textOf((await (await as('Mei Chen')).get('/people')).text);
  assert.match(said, /ask for services.*come to reviews Because You are their deputy/);
  assert.doesNotMatch(said, /_/);
});

test('who may only look at what somebody has is offered nothing else, and learns whom to ask before they type anything', async () => {
  const clara = await as('Clara Marlow'), winston = await as('Winston Grant');
  const of = (name) => `/for/${town.sql(`SELECT ref FROM identity.person WHERE name = '${name}'`)[0][0]}`;
  const base = of('Edith Marlow');
  const refused = await clara.get(`${base}/ask/${listing}`);
  assert.equal(refused.status, 403);
  assert.match(textOf(refused.text), /You may not ask for services for Edith Marlow\. Ask the person to let you do this, or talk to the council\./);
  assert.doesNotMatch((await clara.get(`${base}/services/${listing}`)).text, /Ask for this service/);
  assert.match((await clara.get(`/services/${listing}`)).text, /Ask for this service/, 'she may choose whom it is for first');
  const [delivered] = town.sql(`SELECT o.ref FROM payments.visit v JOIN payments.orders o ON (o.council_id, o.id) = (v.council_id, v.order_id) JOIN identity.person p ON (p.council_id, p.id) = (o.council_id, o.person_id)
    WHERE p.name = 'Delroy Grant' AND o.state = 'accepted' LIMIT 1`)[0];
  town.sql(`UPDATE payments.visit v SET state = 'delivered' FROM payments.orders o WHERE (o.council_id, o.id) = (v.council_id, v.order_id) AND o.ref = '${delivered}' AND v.state = 'confirmed'`);
  const watching = textOf((await winston.get(`${of('Delroy Grant')}/orders/${delivered}`)).text);
  assert.match(watching, /delivered/);
  assert.doesNotMatch(watching, /Yes, it happened|Something was wrong|Cancel this order/);
  assert.match(textOf((await (await as('Nadia Rahman')).get(`${of('Delroy Grant')}/orders/${delivered}`)).text), /Yes, it happened Something was wrong on \w+ \d+ \w+ \d{4}.*Cancel this order/);
});

test('a form that would be refused is not shown: no right, or nothing to ask about', async () => {
  const winston = await as('Winston Grant'), delroy = await as('Delroy Grant');
  const base = `/for/${town.sql(`SELECT ref FROM identity.person WHERE name = 'Delroy Grant'`)[0][0]}`;
  const [[ref]] = town.sql(`SELECT o.ref FROM payments.orders o JOIN identity.person p ON (p.council_id, p.id) = (o.council_id, o.person_id) WHERE p.name = 'Delroy Grant' AND o.state = 'accepted' LIMIT 1`);
  const visit = (state) => town.sql(`SELECT v.ref FROM payments.visit v JOIN payments.orders o ON (o.council_id, o.id) = (v.council_id, v.order_id) WHERE o.ref = '${ref}' AND v.state = '${state}' LIMIT 1`)[0][0];
  for (const path of [`${base}/orders/${ref}/cancel`, `${base}/visits/${visit('delivered')}/query`]) {
    const answer = await winston.get(path);
    assert.equal(answer.status, 403);
    assert.match(textOf(answer.text), /You may not do this for Delroy Grant\. Ask the person to let you do it/);
  }
  assert.equal((await delroy.get(`/visits/${visit('planned')}/query`)).path, `/orders/${ref}`);
  const missed = visit('delivered');
  town.sql(`UPDATE payments.visit SET state = 'frustrated' WHERE ref = '${missed}'`);
  const page = await delroy.get(`/orders/${ref}`);
  assert.match(textOf(page.text), /Could not take place/);
  assert.ok(page.text.includes(`action="/visits/${missed}/confirm"`), 'what could not take place is for the person to say too');
  assert.equal((await delroy.get(`/visits/${missed}/query`)).path, `/visits/${missed}/query`);
});

test('an order says back when it is for and what the provider was told', async () => {
  const amina = await as('Amina Yusuf'), olivia = await as('Olivia Stone');
  const weekly = await order(amina, 'Amina Yusuf', { weeks: '1' }), once = await order(amina, 'Amina Yusuf', { weekdays: [], weeks: '' });
  const said = textOf((await amina.get(`/orders/${weekly}`)).text);
  assert.match(said, /When Every Monday, Thursday at 14:30, 2 times from \w+ \d/);
  assert.match(said, /What the provider was told Key safe: <1234>/);
  assert.match(textOf((await amina.get(`/orders/${once}`)).text), /When Once, on \w+ \d+ \w+ \d{4} at 14:30 /);
  assert.match(textOf((await olivia.get(`/provider/requests/${once}`)).text), /When Once, on \w+ \d+ \w+ \d{4} at 14:30 /);
  assert.match(textOf((await amina.get('/orders')).text), /Once, on \d+ \w+ \d{4}, £/);
});

test('a group that gives no care is told where to go, and no page says the same words twice', async () => {
  const visitor = new Client(town);
  for (const path of ['/join', '/events']) assert.match((await visitor.get(path)).text, /href="\/contact"[^>]*>Tell us what, when and where</, path);
  const twice = town.sql(`SELECT ref, summary FROM catalogue.search_doc WHERE kind = 'event' AND summary <> '' LIMIT 5`);
  assert.ok(twice.length > 0);
  for (const [ref, summary] of twice) assert.equal(textOf((await visitor.get(`/events/${ref}`)).text).split(summary).length, 2, `${ref} says it once`);
});

test('what would not help is not advised, and who has no helper is told so', async () => {
  const amina = await as('Amina Yusuf');
  const said = textOf((await check(amina, 'Amina Yusuf', { outcome: '' })).text);
  assert.match(said, /Choose the outcome in the plan that this is for\./);
  assert.doesNotMatch(said, /Ask for less/);
  assert.match(textOf((await check(amina, 'Amina Yusuf', { minutes: '9 hours', weeks: '53' })).text), /Ask for less/);
  const alone = textOf((await amina.get('/helpers')).text);
  assert.match(alone, /You have not asked anybody to help you here\./);
  assert.doesNotMatch(alone, /These people may do things/);
});

test('of an order that was declined nothing is said to be set aside, and it cannot be cancelled', async () => {
  const amina = await as('Amina Yusuf'), olivia = await as('Olivia Stone');
  const ref = await order(amina, 'Amina Yusuf');
  assert.match(textOf((await olivia.get(`/provider/requests/${ref}`)).text), /set aside for you/);
  await olivia.submit(await olivia.form(`/provider/requests/${ref}`, `/provider/requests/${ref}/decline`), { note: 'We have nobody free.' });
  assert.doesNotMatch(textOf((await olivia.get(`/provider/requests/${ref}`)).text), /set aside/);
  assert.match(textOf((await amina.get(`/orders/${ref}`)).text), /Who pays Eastmere Council: £0\.00 spent, £0\.00 still set aside/);
  assert.equal((await amina.get(`/orders/${ref}/cancel`)).path, `/orders/${ref}`);
  assert.doesNotMatch(textOf((await amina.get(`/orders/${ref}?done=cancelled`)).text), /^Done/, 'an address alone makes nothing so');
});

test('after cancelling the page says so, and the visits no longer come next', async () => {
  const amina = await as('Amina Yusuf'), olivia = await as('Olivia Stone');
  const ref = await order(amina, 'Amina Yusuf');
  await olivia.submit(await olivia.form(`/provider/requests/${ref}`, `/provider/requests/${ref}/accept`));
  assert.ok((await amina.get('/money')).text.includes(`/orders/${ref}`));
  const said = await amina.submit(await amina.form(`/orders/${ref}/cancel`, `/orders/${ref}/cancel`));
  assert.match(textOf(said.text), /^Done This is cancelled\. The provider is told\./);
  assert.ok(!(await amina.get('/money')).text.includes(`/orders/${ref}`), 'nothing of it comes next');
  assert.doesNotMatch(textOf((await amina.get(`/orders/${ref}?done=anything`)).text), /^Done/);
});

test('how long a visit took is said in hours', async () => {
  const [[ref]] = town.sql(`SELECT o.ref FROM payments.orders o JOIN identity.person p ON p.council_id = o.council_id AND p.id = o.person_id
    JOIN payments.visit v ON v.council_id = o.council_id AND v.order_id = o.id WHERE p.name = 'Rosa Marino' AND v.actual_minutes = 90 LIMIT 1`);
  const said = textOf((await (await as('Rosa Marino')).get(`/orders/${ref}`)).text);
  assert.match(said, /confirmed 1 hour 30 minutes £34\.65/i);
  assert.doesNotMatch(said, /90 minutes/);
});

test('a visit cancelled too late says why it is still to be paid', async () => {
  const amina = await as('Amina Yusuf'), olivia = await as('Olivia Stone');
  const ref = await order(amina, 'Amina Yusuf', { weekdays: [], weeks: '', starts_on: typed(0), starts_at: '23:59' });
  await olivia.submit(await olivia.form(`/provider/requests/${ref}`, `/provider/requests/${ref}/accept`));
  const said = textOf((await amina.submit(await amina.form(`/orders/${ref}/cancel`, `/orders/${ref}/cancel`))).text);
  assert.match(said, /£34\.65 Still to be paid: cancelled less than 24 hours before\./);
});

test('the statement as a file is of the days that the page shows, and a wrong day is marked where it was typed', async () => {
  const amina = await as('Amina Yusuf');
  const path = `/money/statement?from_on=${iso(-30)}&to_on=${iso(-10)}`;
  const page = await amina.get(path);
  const file = page.text.match(/href="(\/money\/statement\.csv[^"]*)"/)[1].replaceAll('&amp;', '&');
  const lines = (await amina.get(file)).text.trim().split('\n').length - 1;
  assert.ok(lines > 0);
  assert.equal(lines, page.text.match(/<tr/g).length - 1);
  const wrong = await amina.get('/money/statement?from_on=soon');
  assert.match(errorOf(wrong), /Enter the first day/);
  assert.ok(wrong.text.includes('value="soon"'));
  assert.match(wrong.text, /id="from_on-error"/);
});

test('billing asks for the order when none is chosen', async () => {
  assert.equal(errorOf(await (await as('Olivia Stone')).get('/provider/invoices/new?order=&from=&to=')), 'Choose the order');
});

test('only those who may ask for a service are offered to', async () => {
  for (const [name, may] of [['Amina Yusuf', true], ['Mei Chen', true], ['Olivia Stone', false], ['Ravi Patel', false]])
    assert.equal((await (await as(name)).get(`/services/${listing}`)).text.includes(`/ask/${listing}`), may, name);
});

test('a VAT number that none can be is asked for again', async () => {
  const olivia = await as('Olivia Stone');
  const sent = { account_name: 'Hearth and Home Care', sort_code: '40-00-01', account_number: '12345678', vat_profile: 'standard' };
  for (const vat_number of ['abc', 'GB', 'GB 12345678', '1234567890', 'FR 123 4567 89'])
    assert.match(errorOf(await olivia.submit(await olivia.form('/provider/bank', '/provider/bank'), { ...sent, vat_number })), /all its 9 digits/, vat_number);
  const done = await olivia.submit(await olivia.form('/provider/bank', '/provider/bank'), { ...sent, vat_number: 'gb 123 4567 89' });
  assert.match(textOf(done.text), /wait for a second person/);
});

test('a postcode that nobody knows is said to be unknown, also to whoever looks what is on', async () => {
  const visitor = new Client(town);
  const said = await visitor.get('/events?near=SW1A1AA');
  assert.match(errorOf(said), /We do not know where SW1A 1AA is/);
  assert.doesNotMatch(textOf(said.text), /The week from/);
  assert.match(textOf((await visitor.get('/events?near=em12ab')).text), /The week from/);
});

test('what stands on a page can be taken along as a file', async () => {
  const visitor = new Client(town), mei = await as('Mei Chen'), edith = await as('Edith Marlow');
  for (const [client, path] of [[visitor, `/events?from=${iso(7)}`], [visitor, '/categories/help-at-home'], [mei, '/people'], [edith, '/helpers']]) {
    const file = (await client.get(path)).text.match(/href="([^"]*\.csv[^"]*)"/)?.[1].replaceAll('&amp;', '&');
    assert.ok(file, path);
    const answer = await client.get(file);
    assert.equal(answer.status, 200, file);
    assert.ok(answer.text.trim().split('\n').length > 1, file);
  }
});

test('a page that refuses somebody does not say that they are not signed in', async () => {
  const amina = await as('Amina Yusuf');
  for (const path of ['/council', '/nowhere', '/orders/ZZZZ-ZZZZ', '/people']) assert.doesNotMatch((await amina.get(path)).text, /You are not signed in/, path);
  assert.match((await new Client(town).get('/nowhere')).text, /You are not signed in/);
  const form = await amina.form('/helpers/add', '/helpers/add');
  town.sql(`UPDATE identity.session SET expires_at = now() - interval '1 minute' WHERE account_id = (SELECT id FROM identity.account WHERE name = 'Amina Yusuf')`);
  assert.match((await amina.submit(form, { email: 'x@y.example', rights: ['see'] })).text, /You are not signed in[^]*You were signed out/);
});

test('whoever sees a person, a provider or an order can say that they are worried', async () => {
  const order = town.sql(`SELECT o.ref FROM payments.orders o JOIN identity.person p ON p.council_id = o.council_id AND p.id = o.person_id WHERE p.name = 'Rosa Marino' LIMIT 1`)[0][0];
  const person = town.sql(`SELECT ref FROM identity.person WHERE name = 'Rosa Marino'`)[0][0];
  const pages = [['Rosa Marino', ['/money', `/orders/${order}`, '/helpers', '/services', '/categories/help-at-home', `/services/${listing}`]], ['Nadia Rahman', ['/people']],
    ['Olivia Stone', ['/provider', `/provider/requests/${order}`]], ['Ravi Patel', ['/council/budgets', '/council/invoices']], ['Peter Lindqvist', [`/council/audit/people/${person}`]]];
  for (const [name, paths] of pages) {
    const client = await as(name);
    for (const path of paths) {
      const answer = await client.get(path);
      assert.equal(answer.status, 200, path);
      assert.match(answer.text, /href="\/worried"/, `${name} ${path}`);
    }
  }
});

test('a page of results that is not there leads to the first', async () => {
  assert.equal((await new Client(town).send('/services?page=9')).location, '/services');
});

test('a word longer than the screen breaks and pushes no page sideways', async (t) => {
  const olivia = await as('Olivia Stone'), amina = await as('Amina Yusuf');
  const other = town.sql(`SELECT ref FROM catalogue.listing WHERE title = 'Help around the house'`)[0][0];
  const ref = await order(amina, 'Amina Yusuf', { note: 'z'.repeat(500) });
  const path = `/provider/services/${other}`;
  await olivia.submit(await olivia.form(path, path), { title: 'W'.repeat(120), summary: 'y'.repeat(300), price: '9999.99', status: 'published' });
  await olivia.submit(await olivia.form(`/provider/requests/${ref}`, `/provider/requests/${ref}/decline`), { note: 'q'.repeat(500) });
  for (const [name, paths] of [['Amina Yusuf', [`/services/${other}`, `/ask/${other}`, `/orders/${ref}`]], ['Olivia Stone', ['/provider/services', path, `/provider/requests/${ref}`]]]) {
    const context = await chrome.newContext({ viewport: { width: 320, height: 800 } });
    const page = await context.newPage();
    t.after(() => context.close());
    await signIn(page, town.url, name);
    for (const at of paths) {
      await page.goto(town.url + at);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320, at);
    }
  }
});

test('on paper stand no addresses of the site, no filters and no files', async (t) => {
  const context = await chrome.newContext();
  const page = await context.newPage();
  t.after(() => context.close());
  await signIn(page, town.url, 'Amina Yusuf');
  await page.emulateMedia({ media: 'print' });
  await page.goto(`${town.url}/money/statement`);
  assert.ok(!(await page.getByRole('button', { name: 'Show' }).isVisible()));
  assert.ok(!(await page.getByText('Download as CSV').isVisible()));
  await page.goto(`${town.url}/money`);
  const behind = await page.evaluate(() => [...document.querySelectorAll('a[href^="/"]')].map((a) => getComputedStyle(a, '::after').content));
  assert.deepEqual([...new Set(behind)], ['none']);
});

test('a budget that is over is not given', async () => {
  const ravi = await as('Ravi Patel');
  const person = town.sql(`SELECT ref FROM identity.person WHERE name = 'Tom Ashdown'`)[0][0];
  const path = `/council/budgets/new/${person}`;
  const sent = { amount: '100', kind: 'social_care', funder: 'Eastmere Council', route: 'council_managed', holder: '', starts_on: '1 4 2020', ends_on: '31 3 2021', reason: '' };
  const again = await ravi.submit(await ravi.form(path, path), sent);
  assert.equal(errorOf(again), 'The last day must be today or later');
  const done = await ravi.submit(formsOf(again.text).find((f) => f.action === path), { ...sent, starts_on: typed(-60), ends_on: typed(300) });
  assert.match(done.path, /^\/council\/budgets\/[2-9A-Z]{4}-/);
});

test('a payment run is for a day that comes, and corrected it is put together', async () => {
  const client = await as('Ravi Patel');
  const refused = await client.submit(await client.form('/council/runs/new', '/council/runs/new'), { pay_on: typed(-1) });
  assert.equal(refused.status, 422);
  assert.match(errorOf(refused), /must be today or later/);
  const made = await client.submit(formsOf(refused.text).find((f) => f.action === '/council/runs/new'), { pay_on: '' });
  assert.match(made.path, /^\/council\/runs\/[0-9A-Z]{4}-[0-9A-Z]{4}$/);
});

test('a day that makes no sense is said to be none, at its field, and every other answer is kept', async () => {
  const helen = await as('Helen Draycott'), ravi = await as('Ravi Patel'), george = await as('George Whitlock');
  const person = town.sql(`SELECT ref FROM identity.person WHERE name = 'George Whitlock'`)[0][0];
  const budget = { amount: '5200', kind: 'social_care', funder: 'Eastmere Council', route: 'council_managed', starts_on: typed(1), ends_on: typed(300), reason: 'Kept' };
  const income = { kind: 'refund', payer: 'Bright Days', amount: '12', every: 'once', starts_on: typed(1) };
  const account = town.sql(`SELECT ref FROM payments.bank_account WHERE council_id = 1 ORDER BY id LIMIT 1`)[0][0];
  for (const [who, path, fields, wrong, said] of [
    [helen, `/council/budgets/new/${person}`, budget, { ends_on: '1 1 2999' }, 'Last day must be from 1 January 2000 to 31 December 2099'],
    [helen, `/council/budgets/new/${person}`, budget, { ends_on: typed(2000) }, 'A budget can be for five years at most: choose an earlier last day'],
    [helen, `/council/budgets/new/${person}`, budget, { starts_on: typed(800), ends_on: typed(900) }, 'The first day must be within two years from today, before or after'],
    [ravi, '/council/income/new', { ...income, account }, { starts_on: typed(800) }, 'The day must be within two years from today, before or after'],
    [ravi, '/council/income/new', { ...income, account }, { person: 'ZZZZ-ZZZ2' }, /person/],
    [ravi, '/council/tolerances/new', { measure: 'price', service: 'every', absolute: '1', percent: '1', reason: 'Kept' }, { starts_on: typed(800) }, 'The first day must be within two years from today'],
    [ravi, '/council/limits/new', { account: 'everybody', extent: 'any', reason: 'Kept' }, { starts_on: '1 1 3000' }, /from 1 January 2000 to 31 December 2099/],
    [george, '/helpers/add', { email: 'nadia.rahman@town.example', rights: ['see'] }, { ends_on: typed(4000) }, /within ten years/],
  ]) {
    const answer = await who.submit(await who.form(path, path), { ...fields, ...wrong });
    assert.equal(answer.status, 422, `${path} ${JSON.stringify(wrong)}: ${textOf(answer.text).slice(0, 200)}`);
    if (said instanceof RegExp) assert.match(errorOf(answer), said);
    else assert.equal(errorOf(answer), said);
    for (const value of Object.values(wrong)) assert.ok(answer.text.includes(`value="${value}"`), `${path} keeps ${value}`);
    if (fields.reason) assert.ok(answer.text.includes('Kept'), `${path} keeps the rest`);
  }
});

test('nobody is let do what nothing can be done with', async () => {
  const george = await as('George Whitlock');
  const page = await george.get('/helpers/add');
  assert.doesNotMatch(textOf(page.text), /[Pp]ay approved orders/);
  const answer = await george.submit(formsOf(page.text).find((f) => f.action === '/helpers/add'), { email: 'nadia.rahman@town.example', rights: ['pay'] });
  assert.equal(answer.status, 422);
});
