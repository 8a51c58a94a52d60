// "I am away": said once, seen first, undone exactly; for oneself and for somebody else, with script and without.
//   node --test tests/e2e/away.test.mjs
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
const typed = (days) => iso(days).split('-').reverse().map(Number).join(' ');
const visitsOf = (name, more = '') =>
  town.sql(`SELECT v.ref, v.state, v.planned_on, v.held, coalesce(v.amount::text, '') FROM payments.visit v JOIN identity.person p ON p.council_id = v.council_id AND p.id = v.person_id
    WHERE p.name = '${name}' ${more} ORDER BY v.planned_on, v.id`).map((r) => r.join(' '));
const heldOf = (name) => town.sql(`SELECT sum(b.held), sum(b.free) FROM payments.budget_position b JOIN identity.person p ON p.council_id = b.council_id AND p.id = b.person_id WHERE p.name = '${name}'`)[0].join(' ');
// The check page of a time away from and to so many days from today.
const check = async (client, base, from, to, other = {}) =>
  client.submit(await client.form(`${base}/away/new`, `${base}/away/check`), { from_on: typed(from), to_on: to === null ? '' : typed(to), reason: 'hospital', words: 'Ward <7>', ...other });
const sure = (page, base) => formsOf(page.text).find((f) => f.action === `${base}/away`);
const errorOf = ({ text }) => textOf(`<main>${text.match(/govuk-error-summary__list[^>]*>([^]*?)<\/ul>/)?.[1] ?? ''}`);

for (const script of [true, false])
  test(`a time away is said, seen everywhere, and taken back, ${script ? 'with' : 'without'} script`, async (t) => {
    const name = script ? 'George Whitlock' : 'Rosa Marino';
    const context = await chrome.newContext({ javaScriptEnabled: script });
    const page = await context.newPage();
    t.after(() => context.close());
    const findings = [], heard = listen(page);
    const fit = async () => {
      if (!script) return;
      const again = await page.request.get(page.url()); // the answer to a form cannot be asked for again
      for (const f of [...(await look(page)), ...(again.ok() ? await validate(await again.text()) : []), ...heard()]) findings.push(`${page.url()}: ${f}`);
    };
    const before = [visitsOf(name), heldOf(name)];
    await signIn(page, town.url, name);
    await page.getByRole('link', { name: 'Orders' }).first().click();
    await page.getByRole('link', { name: 'Stop everything for a time' }).click();
    assert.match(await page.locator('main').innerText(), /No time away is known/);
    await fit();
    await page.getByRole('link', { name: 'Say when' }).click();
    await page.getByLabel('First day away').fill(typed(2));
    await page.getByLabel('Last day away').fill(typed(12));
    await page.getByLabel('Hospital').check();
    await page.getByLabel('Anything you want to remember').fill('Ward <7>');
    await page.getByRole('button', { name: 'See what stops' }).click();
    const rows = await page.locator('main tbody tr').count();
    const planned = Number(town.sql(`SELECT count(*) FROM payments.visit v JOIN identity.person p ON p.council_id = v.council_id AND p.id = v.person_id
      WHERE p.name = '${name}' AND v.state = 'planned' AND v.planned_on BETWEEN current_date + 2 AND current_date + 12`)[0][0]);
    assert.ok(planned > 0 && rows === planned, `every planned visit is on the page: ${rows} of ${planned}`);
    assert.match(await page.locator('main').innerText(), /Hospital\s+The providers are not told[^]*Ward <7>[^]*Comes back/);
    await fit();
    await page.getByRole('link', { name: 'Change the days' }).click();
    assert.equal(await page.getByLabel('First day away').inputValue(), typed(2));
    assert.ok(await page.getByLabel('Hospital').isChecked(), 'changing the days keeps the rest');
    await page.getByRole('button', { name: 'See what stops' }).click();
    await page.getByRole('button', { name: 'Yes, stop all this' }).click();
    await page.getByRole('heading', { name: 'Everything has stopped' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'These days are said already' }).waitFor();
    await page.goForward();
    await fit();
    assert.equal(visitsOf(name, `AND v.planned_on BETWEEN current_date + 2 AND current_date + 12 AND v.state IN ('paused', 'cancelled')`).length, planned);
    assert.equal(await town.verify(), '');
    await page.goto(`${town.url}/money`);
    assert.match(await page.locator('main').innerText(), /Away from [^]*Paused/i);
    await page.getByRole('link', { name: 'See what stops, or come back' }).click();
    assert.match(await page.locator('main').innerText(), /Coming[^]*Ward <7>[^]*Free, £[\d.,]+ came back/i);
    await fit();
    await page.getByRole('link', { name: 'Take it back' }).click();
    assert.match(await page.locator('main').innerText(), /Everything goes back to what it was\./);
    await fit();
    await page.getByRole('button', { name: 'Yes, go on from this day' }).click();
    assert.match(await page.locator('main').innerText(), /What is still to come goes on[^]*On again/);
    await fit();
    assert.deepEqual([visitsOf(name), heldOf(name)], before, 'every visit and every penny is where it was');
    assert.equal(await town.verify(), '');
    assert.deepEqual(findings, []);
  });

test('what cannot be is said at its field, with every answer kept', async () => {
  const amina = await as('Amina Yusuf');
  const counts = town.counts();
  assert.equal(errorOf(await check(amina, '', -1, 3)), 'The first day away must be from today to a year from now');
  assert.equal(errorOf(await check(amina, '', 5, 3)), 'The last day away must not come before the first');
  const wrong = await check(amina, '', 5, 8, { reason: '', from_on: 'soon' });
  assert.equal(wrong.status, 422);
  assert.match(errorOf(wrong), /Enter the first day away, like 27 3 2027.*Choose why/);
  for (const kept of ['value="soon"', 'Ward &lt;7&gt;']) assert.ok(wrong.text.includes(kept), kept);
  assert.equal(town.counts(), counts, 'nothing is stored');
});

test('what was shown is what is done: something that changed meanwhile is shown again, a form sent twice counts once', async () => {
  const amina = await as('Amina Yusuf');
  const page = await check(amina, '', 2, 20), form = sure(page, '');
  assert.ok(Number(form.fields.visits) > 2);
  // The provider cancels one of them before she presses the button.
  town.sql(`DO $$ DECLARE v record; BEGIN
    SELECT x.*, h.id AS hat, h.account_id INTO v FROM payments.visit x JOIN identity.person p ON p.council_id = x.council_id AND p.id = x.person_id AND p.name = 'Amina Yusuf'
      JOIN identity.hat h ON h.council_id = x.council_id AND h.organisation_id = x.organisation_id AND h.role = 'provider' WHERE x.state = 'planned' AND x.planned_on > current_date + 10 ORDER BY x.id LIMIT 1;
    PERFORM set_config('mc.council', '1', true), set_config('mc.role', 'provider', true), set_config('mc.account', v.account_id::text, true), set_config('mc.hat', v.hat::text, true),
            set_config('mc.organisation', v.organisation_id::text, true), set_config('mc.person', '', true), set_config('mc.mandate', '', true);
    PERFORM payments.visit_cancel(gen_random_uuid(), jsonb_build_object('visit', v.ref)); END $$`);
  const again = await amina.submit(form);
  assert.match(textOf(again.text), /Something changed since you looked\. Please check again\./);
  assert.equal(town.sql(`SELECT count(*) FROM payments.absence a JOIN identity.person p ON p.council_id = a.council_id AND p.id = a.person_id WHERE p.name = 'Amina Yusuf'`)[0][0], '0');
  const next = sure(again, '');
  assert.equal(Number(next.fields.visits), Number(form.fields.visits) - 1);
  const [first, second] = [await amina.submit(next), await amina.submit(next)];
  assert.match(textOf(first.text), /Everything has stopped/);
  assert.equal(second.path, first.path, 'the same answer');
  assert.equal(town.sql(`SELECT count(*) FROM payments.absence a JOIN identity.person p ON p.council_id = a.council_id AND p.id = a.person_id WHERE p.name = 'Amina Yusuf'`)[0][0], '1');
  assert.match(textOf((await check(amina, '', 10, 11)).text), /These days are said already/);
  // A paused visit says so on its order, and a new one in that time is warned of.
  const [listing, outcome] = town.sql(`SELECT (SELECT ref FROM catalogue.listing WHERE title = 'Walking company'), o.ref FROM payments.outcome o JOIN identity.person p ON p.council_id = o.council_id AND p.id = o.person_id WHERE p.name = 'Amina Yusuf' LIMIT 1`)[0];
  const asked = await amina.submit(await amina.form(`/ask/${listing}`, `/ask/${listing}/check`), { minutes: '1 hour', starts_on: typed(4), weekdays: [], weeks: '', starts_at: '', outcome, note: '' });
  assert.match(textOf(asked.text), /1 of these visits falls into a time away, from .* It takes place all the same/);
  // The list as a file.
  const csv = await amina.get('/away.csv');
  assert.match(csv.headers.get('content-type'), /text\/csv/);
  assert.match(csv.text, /^.*starts_on.*\r?\n.*hospital,Ward <7>/m);
  const one = first.path.replace('/said', '');
  assert.match((await amina.get(`${one}.csv`)).text, /paused/);
  // Back from a day that is known, and refused beyond the last day.
  const beyond = await amina.get(`${one}/back?from_on=${encodeURIComponent(typed(30))}`);
  assert.match(errorOf(beyond), /^Choose a day from .* to /);
  const back = await amina.get(`${one}/back?from_on=${encodeURIComponent(typed(9))}`);
  const done = await amina.submit(formsOf(back.text).find((f) => f.method === 'post' && f.action === `${one}/back`));
  assert.match(textOf(done.text), /What is still to come goes on\. The providers are told\./);
  assert.equal(town.sql(`SELECT count(*) FROM payments.visit v JOIN identity.person p ON p.council_id = v.council_id AND p.id = v.person_id WHERE p.name = 'Amina Yusuf' AND v.state = 'paused' AND v.planned_on >= current_date + 9`)[0][0], '0');
  assert.notEqual(visitsOf('Amina Yusuf', `AND v.state = 'paused'`).length, 0, 'until then she is away');
  assert.equal(await town.verify(), '');
});

test('a supporter says it visibly, everybody concerned sees it, and providers are never told why', async () => {
  const mei = await as('Mei Chen');
  const lily = town.sql(`SELECT ref FROM identity.person WHERE name = 'Lily Chen'`)[0][0], base = `/for/${lily}`;
  const page = await check(mei, base, 1, null);
  assert.match(textOf(page.text), /Not known: until Lily Chen is back/);
  assert.match(textOf(page.text), /Requests without an answer yet.*Travel training/);
  const said = await mei.submit(sure(page, base));
  assert.match(textOf(said.text), /Lily Chen is away from .*, until they say that they are back/);
  assert.match(textOf((await mei.get('/people')).text), /Away from /);
  const letters = town.sql(`SELECT replace(payload ->> 'body', E'\\n', ' ') FROM jobs.outbox WHERE payload ->> 'subject' = 'Somebody is away: please do not come' AND payload ->> 'body' LIKE '%until they say%'`).flat().join('\n');
  assert.match(letters, /Please do not make these visits/);
  assert.doesNotMatch(letters, /hospital|Ward|Lily/i);
  assert.match(town.sql(`SELECT string_agg(replace(payload ->> 'body', E'\\n', ' '), ' ') FROM jobs.outbox WHERE (payload ->> 'to_person')::bigint = (SELECT id FROM identity.person WHERE ref = '${lily}')`)[0][0], /Mei Chen \(on your behalf\) said that you are away/);
  assert.equal(town.sql(`SELECT count(*) FROM audit.event WHERE verb = 'absence_start' AND person_id = (SELECT id FROM identity.person WHERE ref = '${lily}') AND mandate_id IS NOT NULL`)[0][0], '1');
  // Officers see when, not why.
  const helen = await as('Helen Draycott');
  const budget = town.sql(`SELECT b.ref FROM payments.budget b JOIN identity.person p ON p.council_id = b.council_id AND p.id = b.person_id WHERE p.ref = '${lily}' LIMIT 1`)[0][0];
  const seen = textOf((await helen.get(`/council/budgets/${budget}`)).text);
  assert.match(seen, /Away from .*, until they say that they are back/);
  assert.doesNotMatch(seen, /hospital|ward/i);
  assert.match(textOf((await (await as('Peter Lindqvist')).get(`/council/audit/people/${lily}`)).text), /Away from .*said that they are away/);
  assert.equal((await helen.get(`${base}/away`)).status, 403, 'and reach no page of hers');
  // The provider of the request that waits knows before it answers, and what it accepts is paused at once.
  const [order, provider] = town.sql(`SELECT o.ref, n.name FROM payments.orders o JOIN payments.absence_request q ON q.council_id = o.council_id AND q.order_id = o.id
    JOIN identity.hat h ON h.council_id = o.council_id AND h.organisation_id = o.organisation_id AND h.role = 'provider' JOIN identity.account n ON n.id = h.account_id WHERE o.state = 'asked' AND o.person_id = (SELECT id FROM identity.person WHERE ref = '${lily}') LIMIT 1`)[0];
  const them = await as(provider);
  const request = await them.get(`/provider/requests/${order}`);
  assert.match(textOf(request.text), /They are away from .*: 4 of 4 visits fall into that time\. If you accept, they are paused at once/);
  await them.submit(formsOf(request.text).find((f) => f.action.endsWith('/accept')));
  assert.deepEqual(town.sql(`SELECT DISTINCT v.state FROM payments.visit v JOIN payments.orders o ON o.council_id = v.council_id AND o.id = v.order_id WHERE o.ref = '${order}'`), [['paused']]);
  const form = formsOf((await mei.get(`${said.path.replace('/said', '')}/back`)).text).find((f) => f.method === 'post' && f.action.endsWith('/back'));
  assert.match(textOf((await mei.submit(form)).text), /What is still to come goes on\. The providers are told\./);
  assert.deepEqual(town.sql(`SELECT DISTINCT v.state FROM payments.visit v JOIN payments.orders o ON o.council_id = v.council_id AND o.id = v.order_id WHERE o.ref = '${order}'`), [['planned']]);
  assert.equal(await town.verify(), '');
});
