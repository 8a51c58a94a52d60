// "Will it last?": what the page forecasts is the sum of the same visits, changes with a time away, and says when and why the money ends.
//   node --test tests/e2e/ahead.test.mjs
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, Town, browser, formsOf, iso, signIn, textOf } from './harness.mjs';
import { listen, look, validate } from './look.mjs';

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

const as = async (name) => {
  const client = new Client(town);
  await client.signIn(name);
  return client;
};
const pence = (pounds) => Math.round(Number(pounds.replace(/[£,]/g, '')) * 100);
const pounds = (n) => `£${(n / 100).toLocaleString('en-GB', { minimumFractionDigits: 2 })}`;
const read = async (client, path) => textOf((await client.get(path)).text);
const months = async (client, path) => {
  const [head, ...rows] = (await client.get(path)).text.trim().split('\r\n').map((l) => l.split(','));
  return rows.map((r) => Object.fromEntries(head.map((h, i) => [h, r[i]])));
};
const sum = (rows, column) => rows.reduce((n, r) => n + pence(r[column]), 0);
// The visits of the person's weekly orders behind their own weeks, counted here a day at a time: [day, pence].
const visitsAhead = (name) => {
  const orders = town.sql(`SELECT l.weekdays, l.starts_on, l.weeks, l.visit_price, (SELECT max(ends_on) FROM payments.budget_position b WHERE b.council_id = o.council_id AND b.person_id = o.person_id)
    FROM payments.orders o JOIN payments.order_line l ON l.council_id = o.council_id AND l.order_id = o.id JOIN identity.person p ON p.council_id = o.council_id AND p.id = o.person_id
    WHERE p.name = '${name}' AND o.state IN ('asked', 'accepted') AND l.recurrence = 'weekly'`);
  return orders.flatMap(([weekdays, starts, weeks, price, ends]) => {
    const days = [];
    for (let day = Date.parse(starts) + weeks * 7 * 86400000; day <= Date.parse(ends); day += 86400000)
      if (weekdays.slice(1, -1).split(',').includes(String(new Date(day).getUTCDay() || 7))) days.push([new Date(day).toISOString().slice(0, 10), Number(price)]);
    return days;
  });
};
const costOf = (visits) => visits.reduce((n, [, price]) => n + price, 0);
const position = (name) => town.sql(`SELECT sum(b.free), sum(b.held) FROM payments.budget_position b JOIN identity.person p ON p.council_id = b.council_id AND p.id = b.person_id WHERE p.name = '${name}'`)[0].map(Number);
// As an officer of the council, past the pages.
const officer = (sql) => town.sql(`SELECT set_config('mc.council', h.council_id::text, false), set_config('mc.account', h.account_id::text, false), set_config('mc.hat', h.id::text, false), set_config('mc.role', h.role, false)
  FROM identity.hat h WHERE h.role = 'commissioner' AND h.council_id = 1 LIMIT 1; ${sql}`);

for (const script of [true, false])
  test(`from my money to the months ahead, ${script ? 'with' : 'without'} script`, async (t) => {
    const context = await chrome.newContext({ javaScriptEnabled: script });
    const page = await context.newPage();
    t.after(() => context.close());
    const findings = [], heard = listen(page), name = 'George Whitlock';
    await signIn(page, town.url, name);
    await page.goto(`${town.url}/money`);
    await page.getByRole('link', { name: 'Will it last?' }).click();
    const [free, held] = position(name), cost = costOf(visitsAhead(name)), text = (await page.locator('main').innerText()).replace(/\s+/g, ' ');
    assert.ok(cost > 0 && cost < free, 'the town tells this story');
    assert.ok(text.includes(`This lasts until the end of your budget. About ${pounds(free - cost)} is left over.`));
    assert.ok(text.includes(`Free now ${pounds(free)} Going on as now ${pounds(cost)} Left at the end ${pounds(free - cost)} Set aside already ${pounds(held)}`));
    assert.match(text, /Handyman Marcus Mends, waits for an answer .*It is only once/);
    if (script) for (const f of [...(await look(page)), ...(await validate(await (await page.request.get(page.url())).text())), ...heard()]) findings.push(f);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.getByRole('link', { name: 'Download as CSV' }).isVisible(), false);
    assert.equal(await page.getByText('Left at the end').isVisible(), true);
    assert.deepEqual(findings, []);
    const client = await as(name), rows = await months(client, '/money/ahead.csv');
    assert.deepEqual([sum(rows, 'held'), sum(rows, 'goes_on'), sum(rows, 'lacking'), pence(rows.at(-1).left_over)], [held, cost, 0, free - cost], 'the table is the page, and no pound is in it twice');
    assert.equal(rows.length, await page.locator('section tbody tr').count());
  });

test('a time away is not counted, and the page says so', async () => {
  const name = 'Rosa Marino', client = await as(name), visits = visitsAhead(name), [free] = position(name);
  const first = visits.map(([day]) => day).sort()[0], from = Math.round((Date.parse(first) - Date.parse(iso(0))) / 86400000), to = from + 27;
  const off = visits.filter(([day]) => day >= iso(from) && day <= iso(to));
  assert.ok(off.length >= 4);
  const typed = (days) => iso(days).split('-').reverse().map(Number).join(' ');
  const check = await client.submit(await client.form('/away/new', '/away/check'), { from_on: typed(from), to_on: typed(to), reason: 'hospital' });
  await client.submit(formsOf(check.text).find((f) => f.action === '/away'));
  const [freeNow, held] = position(name), text = await read(client, '/money/ahead');
  assert.ok(text.includes(`Left at the end ${pounds(freeNow - costOf(visits) + costOf(off))}`));
  assert.ok(freeNow >= free && sum(await months(client, '/money/ahead.csv'), 'held') === held);
  assert.match(text, /Nothing while away from .* More is spent if it ends earlier/);
});

test('when it does not last, the day, what is lacking and what to do; then paused, ended, and none at all', async () => {
  const name = 'Amina Yusuf', client = await as(name), visits = visitsAhead(name).sort(), [free] = position(name), keep = costOf(visits.slice(0, 10)) + 1;
  const [portion, budget] = town.sql(`SELECT b.portion_ref, b.budget_ref FROM payments.budget_position b JOIN identity.person p ON p.council_id = b.council_id AND p.id = b.person_id WHERE p.name = '${name}'`)[0];
  officer(`SELECT payments.allocation_take_back(gen_random_uuid(), '{"portion": "${portion}", "amount": ${free - keep}, "reason": "a test"}')`);
  assert.equal(position(name)[0], keep);
  const text = await read(client, '/money/ahead'), day = new Date(visits[10][0]).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  assert.match(text, new RegExp(`It runs out on \\w+ ${day}\\. To go on to 31 August 2027, ${pounds(costOf(visits) - keep).replace(/[£,.]/g, '\\$&')} more would be needed`));
  assert.match(text, /What you can do Talk to the council before/);
  officer(`SELECT payments.budget_freeze(gen_random_uuid(), '{"budget": "${budget}", "freeze": true, "reason": "a test"}')`);
  assert.match(await read(client, '/money/ahead'), /This budget is paused by the council.*If it is opened again, it runs out on/);
  town.sql(`UPDATE payments.funding_line SET starts_on = current_date - 100, ends_on = current_date - 1 WHERE budget_id = (SELECT id FROM payments.budget WHERE council_id = 1 AND ref = '${budget}') AND council_id = 1`);
  const ended = await read(client, '/money/ahead');
  assert.match(ended, new RegExp(`This budget has ended\\. ${pounds(keep).replace('.', '\\.')} was not used, and £[\\d.,]+ is still set aside`));
  assert.doesNotMatch(ended, /Month by month|Download as CSV/);
  town.sql(`UPDATE payments.budget SET state = 'ended' WHERE council_id = 1 AND ref = '${budget}'`);
  assert.match(await read(client, '/money/ahead'), /The council has not set up a budget yet/);
  for (const path of ['/money/ahead']) assert.deepEqual(await validate((await client.get(path)).text), []);
});

test('whoever helps with the right to see reads the same, and nobody else', async () => {
  const tom = town.sql(`SELECT ref FROM identity.person WHERE name = 'Tom Ashdown'`)[0][0], nadia = await as('Nadia Rahman'), [free, held] = position('Tom Ashdown'), cost = costOf(visitsAhead('Tom Ashdown'));
  const text = await read(nadia, `/for/${tom}/money/ahead`);
  assert.match(text, /Will it last for Tom Ashdown\?/);
  assert.ok(text.includes(`Going on as now ${pounds(Math.min(cost, free))}`) && text.includes(`Set aside already ${pounds(held)}`));
  assert.equal((await (await as('Mei Chen')).get(`/for/${tom}/money/ahead`)).status, 404);
  assert.equal((await (await as('Amina Yusuf')).get(`/for/${tom}/money/ahead`)).status >= 400, true);
});
