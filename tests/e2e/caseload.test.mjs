// The caseload board: what needs a helper, worst first, each with the way to where it is mended; nothing of anybody whose mandate does not allow it.
//   node --test tests/e2e/caseload.test.mjs
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, Town, browser, iso, signIn, textOf } from './harness.mjs';
import { listen, look, validate } from './look.mjs';

let town, chrome, nadia, tom, delroy;
const as = async (name) => {
  const client = new Client(town);
  await client.signIn(name);
  return client;
};
const personOf = (name) => town.sql(`SELECT ref FROM identity.person WHERE council_id = 1 AND name = '${name}'`)[0][0];
const rowsOf = (page) => [...page.text.matchAll(/<tr class="govuk-table__row"><td[^]*?<\/tr>/g)].map(([row]) => textOf(`<main>${row}`));
const said = (days) => new Date(iso(days)).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });

before(async () => {
  town = await Town.open();
  await town.serve();
  chrome = await browser();
  nadia = await as('Nadia Rahman');
  [tom, delroy] = ['Tom Ashdown', 'Delroy Grant'].map(personOf);
  // A week in which everything is as it should be, and money and mandates for long.
  town.sql(`UPDATE payments.visit SET state = 'confirmed' WHERE planned_on BETWEEN ledger.today() - 7 AND ledger.today() - 1;
    UPDATE payments.funding_line SET ends_on = ledger.today() + 200`);
});
after(async () => {
  await chrome?.close();
  await town?.close();
});

const wrong = () => town.sql(`
  UPDATE payments.visit SET state = 'missed' WHERE id IN (SELECT max(v.id) FROM payments.visit v JOIN identity.person p ON p.id = v.person_id AND p.ref = '${tom}' WHERE v.planned_on BETWEEN ledger.today() - 7 AND ledger.today() - 1 GROUP BY v.order_id);
  UPDATE identity.mandate SET ends_on = ledger.today() + 20 WHERE council_id = 1 AND person_id = (SELECT id FROM identity.person WHERE ref = '${delroy}') AND organisation_id IS NOT NULL;
  UPDATE payments.funding_line SET ends_on = ledger.today() + 30 WHERE budget_id IN (SELECT b.id FROM payments.budget b JOIN identity.person p ON p.id = b.person_id AND p.ref = '${delroy}');
  UPDATE payments.orders SET answer_by = mc.now() - interval '2 hours' WHERE state = 'asked' AND person_id = (SELECT id FROM identity.person WHERE ref = '${tom}')`);
const right = () => town.sql(`
  UPDATE payments.visit SET state = 'confirmed' WHERE state = 'missed' AND planned_on >= ledger.today() - 7;
  UPDATE identity.mandate SET ends_on = NULL WHERE council_id = 1 AND organisation_id IS NOT NULL;
  UPDATE payments.funding_line SET ends_on = ledger.today() + 200;
  UPDATE payments.orders SET answer_by = mc.now() + interval '2 days' WHERE state IN ('asked', 'expired')`);

test('when nothing is wrong the board says so, and leads to everybody', async () => {
  const page = await nadia.get('/people/today'), words = textOf(page.text);
  assert.match(words, /Nothing needs you today\./);
  assert.match(words, /2 people with nothing to do/);
  assert.equal((await nadia.get('/people/today.json')).text.trim(), '[]');
  assert.match(textOf((await nadia.get('/people/today?kind=money')).text), /Nothing of this kind needs you today\. Show everything/);
  assert.match((await nadia.get('/people')).text, /href="\/people\/today"/);
});

test('what is wrong is told in words with a date and an amount, worst first, and each leads to where it is mended', async (t) => {
  wrong();
  t.after(right);
  const page = await nadia.get('/people/today'), rows = rowsOf(page), words = textOf(page.text);
  assert.match(words, /2 of 2 people need something\./);
  assert.doesNotMatch(words, /nothing to do/);
  assert.match(rows[0], /^Tom Ashdown Nobody came in the last 7 days ?, although visits were due\. The last one was on .* £[\d.,]+$/);
  assert.ok(rows.some((r) => /^Tom Ashdown .* ?, .*: 1 missed\. See the visits/.test(r)), rows.join('\n'));
  assert.ok(rows.some((r) => /^Tom Ashdown Support to live your life ?: .* did not answer in time\./.test(r)), rows.join('\n'));
  assert.ok(rows.some((r) => r.startsWith('Delroy Grant Your mandate ends. After that you can no longer: see money and orders') && r.includes(said(20))), rows.join('\n'));
  assert.ok(rows.some((r) => /^Delroy Grant Eastmere Council: the budget ends ?, and none follows yet\. £[\d.,]+ is left in it\./.test(r) && r.includes(said(30))), rows.join('\n'));
  assert.deepEqual(rows.map((r) => r.slice(0, 3)), rows.map((r) => r.slice(0, 3)).sort().reverse(), 'Tom, for whom nobody came, before Delroy');
  const links = [...page.text.match(/<main[^]*<\/main>/)[0].matchAll(/href="([^"]+)"/g)].map((m) => m[1].replaceAll('&amp;', '&'));
  for (const link of new Set(links)) assert.equal((await nadia.get(link)).status, 200, link);
  for (const path of [`/for/${tom}/orders`, `/for/${tom}/money`, '/contact']) assert.ok(links.includes(path), path);
  // One kind, and as a file.
  const mandates = await nadia.get('/people/today?kind=mandate');
  assert.equal(rowsOf(mandates).length, 1);
  assert.doesNotMatch(textOf(mandates.text), /need something|nothing to do/, 'which tells nothing of the others');
  const csv = await nadia.get('/people/today.csv?kind=budget'), [head, ...lines] = csv.text.trim().split('\r\n');
  assert.match(csv.headers.get('content-disposition'), /filename="needs-you\.csv"/);
  assert.doesNotMatch(head, /looked|rank|people/);
  assert.equal(lines.length, 1);
  assert.match(lines[0], new RegExp(`^${delroy},Delroy Grant,budget,ends,${iso(30)},`));
  assert.equal(JSON.parse((await nadia.get('/people/today.json')).text).length, rows.length);
  assert.equal((await nadia.get('/people/today?kind=nonsense')).status, 200);
  // Tom sees who looked.
  assert.match(textOf((await (await as('Tom Ashdown')).get('/helpers')).text), /Nadia Rahman/);
});

test('money, an absence and a review that is overdue have words of their own', async (t) => {
  t.after(right);
  t.after(() => town.sql(`UPDATE identity.mandate SET review_on = ledger.today() + 300; UPDATE payments.absence SET starts_on = ledger.today() + 9 WHERE state = 'open'`));
  const line = (days) => town.sql(`UPDATE payments.funding_line SET ends_on = ledger.today() + ${days} WHERE budget_id IN (SELECT b.id FROM payments.budget b JOIN identity.person p ON p.id = b.person_id AND p.ref = '${tom}')`);
  line(3000);
  town.sql(`UPDATE payments.absence SET starts_on = ledger.today() WHERE state = 'open';
    UPDATE identity.mandate SET review_on = ledger.today() - 3 WHERE council_id = 1 AND person_id = (SELECT id FROM identity.person WHERE ref = '${delroy}') AND organisation_id IS NOT NULL`);
  const rows = rowsOf(await nadia.get('/people/today'));
  const until = town.sql(`SELECT to_char(least(ends_on, back_on - 1), 'FMDD FMMonth YYYY') FROM payments.absence WHERE state = 'open' AND council_id = 1`)[0][0];
  assert.ok(rows.some((r) => r.startsWith(`Tom Ashdown Money runs out before ${said(3000)}`) && /£[\d,.]+ is free, and the orders cost £[\d.]+ a week\./.test(r)), rows.join('\n'));
  assert.ok(rows.some((r) => r.startsWith('Delroy Grant Your mandate is to be looked at again. You may: see money and orders') && r.includes(said(-3))), rows.join('\n'));
  assert.ok(rows.some((r) => r.startsWith(`Delroy Grant Away until ${until}. See what stops, or come back`) && /£[\d.]+$/.test(r)), rows.join('\n'));
  line(30);
  const held = town.sql(`SELECT a.id, a.dr_pending FROM ledger.account a JOIN identity.person p ON p.id = a.person_id AND p.ref = '${tom}' WHERE a.kind = 'budget'`)[0];
  t.after(() => town.sql(`UPDATE ledger.account SET dr_pending = ${held[1]} WHERE id = ${held[0]}`));
  town.sql(`UPDATE ledger.account SET dr_pending = cr_posted - dr_posted - 100 WHERE id = ${held[0]}`);
  assert.match(textOf((await nadia.get('/people/today?kind=money')).text), /Tom Ashdown Less than four weeks are free : £1\.00, and the orders cost £[\d.]+ a week\. What is set aside lasts\./);
});

test('the page is fit to be shown, with and without rows, on paper too', async (t) => {
  const context = await chrome.newContext(), page = await context.newPage(), heard = listen(page), findings = [];
  t.after(() => context.close());
  t.after(right);
  await signIn(page, town.url, 'Nadia Rahman');
  for (const [path, act] of [['/people/today', right], ['/people/today', wrong], ['/people/today?kind=visits', wrong]]) {
    act();
    const response = await page.goto(town.url + path);
    for (const f of [...(await look(page)), ...(await validate(await response.text())), ...heard()]) findings.push(`${path}: ${f}`);
    if (process.env.PICTURES && act === wrong)
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 900 });
        await page.screenshot({ path: `${process.env.PICTURES}/caseload${path.replace(/\W/g, '-')}-${width}.png`, fullPage: true });
      }
  }
  assert.deepEqual(findings, []);
  await page.getByLabel('Show').selectOption('Visits that went wrong');
  await page.getByRole('button', { name: 'Show' }).click();
  assert.match(page.url(), /\/people\/today\?kind=visits$/);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.getByRole('button', { name: 'Show' }).isVisible(), false);
  assert.equal(await page.getByRole('table').isVisible(), true);
});

test('a mandate that ended or was revoked shows nothing at once, and other roles have no such page', async (t) => {
  wrong();
  t.after(right);
  t.after(() => town.sql(`UPDATE identity.mandate SET revoked_at = NULL WHERE council_id = 1`));
  town.sql(`UPDATE identity.mandate SET revoked_at = now() WHERE council_id = 1 AND organisation_id IS NOT NULL AND person_id = (SELECT id FROM identity.person WHERE ref = '${tom}')`);
  for (const path of ['/people/today', '/people/today.csv', '/people/today.json']) {
    const { text } = await nadia.get(path);
    assert.doesNotMatch(text, new RegExp(`Tom Ashdown|${tom}`), path);
    assert.match(text, /Delroy Grant/, path);
  }
  assert.match(textOf((await nadia.get('/people/today')).text), /1 of 1 person needs something/);
  town.sql(`UPDATE identity.mandate SET revoked_at = now() WHERE council_id = 1 AND organisation_id IS NOT NULL`);
  assert.match(textOf((await nadia.get('/people/today')).text), /No one has given you access yet/);
  assert.equal((await (await as('Amina Yusuf')).get('/people/today')).status, 403);
});

test('many people are read in pages, each thing once, and the file holds all', async (t) => {
  t.after(() => town.sql(`DELETE FROM audit.look; DELETE FROM identity.mandate WHERE evidence = 'crowd'; DELETE FROM identity.person WHERE name LIKE 'Crowd %'`));
  town.sql(`INSERT INTO identity.person (council_id, ref, name) SELECT 1, mc.new_ref(), 'Crowd ' || n FROM generate_series(1, 120) n;
    INSERT INTO identity.mandate (council_id, ref, person_id, organisation_id, rights, basis, evidence, starts_on, review_on)
    SELECT 1, mc.new_ref(), p.id, (SELECT id FROM identity.organisation WHERE name = 'Clearpath Brokers'), '{see}', 'consent', 'crowd', ledger.today(), ledger.today() + (p.id % 3 * 40)::int FROM identity.person p WHERE p.name LIKE 'Crowd %'`);
  const wanted = Number(town.sql(`SELECT count(*) FROM identity.mandate WHERE evidence = 'crowd' AND review_on <= ledger.today() + 56`)[0][0]), names = [];
  for (let page = 1; page; page = Number((await nadia.get(`/people/today?page=${page}`)).text.match(/page=(\d+)" rel="next"/)?.[1] ?? 0)) {
    const rows = rowsOf(await nadia.get(`/people/today?page=${page}`));
    assert.ok(rows.length <= 50);
    names.push(...rows.map((r) => r.match(/^Crowd \d+/)[0]));
  }
  assert.equal(names.length, wanted);
  assert.equal(new Set(names).size, wanted);
  const second = (await nadia.get('/people/today?kind=mandate&page=2')).text;
  assert.ok(second.includes('href="/people/today?kind=mandate" rel="prev"'), 'back, with the kind kept');
  assert.match(textOf((await nadia.get('/people/today')).text), new RegExp(`${wanted} of 122 people need something\\. .*${122 - wanted} people with nothing to do`));
  assert.equal((await nadia.get('/people/today.csv')).text.trim().split('\r\n').length - 1, wanted);
  const all = await nadia.get('/people');
  assert.equal(all.text.match(/<div class="app-card">/g).length, 50);
  assert.match(all.text, /\/people\?page=2" rel="next"/);
});
