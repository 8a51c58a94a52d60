// Several people share an activity: proposed, answered, closed by jobs, accepted by the provider, confirmed by each; nobody sees another's money.
//   node --test tests/e2e/pools.test.mjs
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, Town, browser, eventually, formsOf, iso, signIn, textOf } from './harness.mjs';
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
const later = (days) => town.serve({ clock: new Date(Date.now() + days * 86400000).toISOString() });
const one = (text) => town.sql(text)[0]?.[0];
const personOf = (name) => `(SELECT id FROM identity.person WHERE name = '${name}')`;
const heldOf = (name) => one(`SELECT sum(held) FROM payments.budget_position WHERE person_id = ${personOf(name)}`);
const outcomeOf = (name) => one(`SELECT ref FROM payments.outcome WHERE person_id = ${personOf(name)} ORDER BY id LIMIT 1`);
const listing = (title) => one(`SELECT ref FROM catalogue.listing WHERE title = '${title}'`);
const providerOf = (title) => one(`SELECT a.name FROM catalogue.listing l JOIN identity.hat h ON h.organisation_id = l.organisation_id AND h.role = 'provider' AND h.council_id = 1 JOIN identity.account a ON a.id = h.account_id
  WHERE l.title = '${title}' ORDER BY h.id LIMIT 1`);
const shares = (invitation) => town.sql(`SELECT n.name, m.state, o.state, l.visit_price, o.total FROM payments.pool p JOIN payments.pool_member m ON m.pool_id = p.id JOIN identity.person n ON n.id = m.person_id
  LEFT JOIN payments.orders o ON o.id = m.order_id LEFT JOIN payments.order_line l ON l.order_id = o.id WHERE p.invitation = '${invitation}' ORDER BY m.id`).map((r) => r.join(' '));
const propose = async (client, title, more = {}, base = '') => {
  const at = `${base}/pools/new/${listing(title)}`;
  return client.submit(await client.form(at, at), { weekdays: [], starts_on: typed(20), starts_at: '', weeks: '', minimum: '2', most: '4', closes_on: typed(10), note: '', ...more });
};
const answer = async (client, invitation, yes, fields = {}, base = '') => {
  const at = `${base}/pools/join/${invitation}`;
  return client.submit(await client.form(at, yes ? at : `${at}/decline`), fields);
};

test('two people share an activity, one of them without script; the provider answers once; each says of their own visit that it came', async (t) => {
  const findings = [];
  const open = async (name, script) => {
    const context = await chrome.newContext({ javaScriptEnabled: script });
    t.after(() => context.close());
    const page = await context.newPage(), heard = listen(page);
    page.heard = heard;
    page.fit = async () => {
      if (!script) return;
      const again = await page.request.get(page.url());
      for (const f of [...(await look(page)), ...(again.ok() ? await validate(await again.text()) : []), ...heard()]) findings.push(`${page.url()}: ${f}`);
    };
    await signIn(page, town.url, name);
    return page;
  };
  const [aminaHeld, georgeHeld] = [heldOf('Amina Yusuf'), heldOf('George Whitlock')].map(Number);
  const amina = await open('Amina Yusuf', true);
  await amina.goto(`${town.url}/ask/${listing('Studio session')}`);
  await amina.getByRole('link', { name: 'Share the cost with them' }).click();
  await amina.fit();
  await amina.getByLabel('From which day?').fill(typed(20));
  await amina.getByLabel('How many people do you need at least?').fill('2');
  await amina.getByLabel('How many at most?').fill('3');
  await amina.getByLabel('What is the last day').fill(typed(19));
  await amina.getByRole('button', { name: 'Propose it' }).click();
  assert.match(await amina.locator('.govuk-error-summary').innerText(), /three days before the first day/);
  assert.equal(await amina.getByLabel('How many at most?').inputValue(), '3', 'what was typed is kept');
  amina.heard(); // what was refused is said with 422
  await amina.getByLabel('What is the last day').fill(typed(10));
  await amina.getByRole('button', { name: 'Propose it' }).click();
  await amina.waitForURL(/\/pools\/join\//);
  const invitation = amina.url().split('/').pop();
  assert.match(await amina.locator('main').innerText(), /You proposed this[^]*£18\.00 for all together[^]*0 said yes so far[^]*£9\.00 each time/);
  await amina.fit();
  assert.equal(Number(heldOf('Amina Yusuf')), aminaHeld, 'to propose it costs nothing');
  await amina.getByLabel('What is it for?').selectOption({ index: 1 });
  await amina.getByLabel('My first name').check();
  await amina.getByRole('button', { name: 'Yes, take part' }).click();
  await amina.getByRole('heading', { name: 'You take part' }).waitFor();
  await amina.fit();
  assert.equal(Number(heldOf('Amina Yusuf')), aminaHeld + 900);
  await amina.goto(`${town.url}/pools`);
  assert.match(await amina.locator('main').innerText(), /Studio session[^]*Waiting for others[^]*1 of 2 to 3 people/i);
  await amina.fit();

  const george = await open('George Whitlock', false);
  await george.goto(`${town.url}/orders`);
  await george.getByRole('link', { name: 'What you pay for together with others' }).click();
  await george.getByLabel('Were you given a reference?').fill('K7M2 4QXQ');
  await george.getByRole('button', { name: 'See what it is' }).click();
  assert.match(await george.locator('.govuk-error-summary').innerText(), /Enter the reference as it was given to you/);
  await george.getByLabel('Were you given a reference?').fill(invitation.replace('-', ' ').toLowerCase());
  await george.getByRole('button', { name: 'See what it is' }).click();
  const seen = await george.locator('main').innerText();
  assert.match(seen, /1 said yes so far[^]*£9\.00 each time, £9\.00 in all[^]*The others do not see this/);
  assert.doesNotMatch(seen, /Amina|Yusuf/, 'who is in is told to nobody who is not');
  await george.getByRole('button', { name: 'Yes, take part' }).click();
  assert.match(await george.locator('.govuk-error-summary').innerText(), /Choose what the others may see of you/);
  await george.getByLabel('Nothing').check();
  await george.getByRole('button', { name: 'Yes, take part' }).click();
  assert.match(await george.locator('.govuk-error-summary').innerText(), /Choose what this is for/, 'council money is for an outcome');
  await george.getByLabel('What is it for?').selectOption({ index: 1 });
  await george.getByRole('button', { name: 'Yes, take part' }).click();
  await george.getByRole('heading', { name: 'You take part' }).waitFor();
  await george.goBack();
  assert.match(george.url(), /\/pools\/[^/]+$/, 'Back does not lead to the question again');
  const page = await george.locator('main').innerText();
  assert.match(page, /With you\s+Amina\s/);
  assert.doesNotMatch(page, /Yusuf/);
  await amina.goto(`${town.url}/pools/join/${invitation}`);
  assert.match(await amina.locator('main').innerText(), /With you\s+Somebody\s/);
  assert.doesNotMatch(await amina.locator('main').innerText(), /George|Whitlock|G\. ?W/);
  await amina.fit();
  assert.equal(await town.verify(), '');

  // The last day has passed: jobs asks the provider, who sees one request.
  await later(11);
  await eventually('the pool is asked for', () => one(`SELECT state FROM payments.pool WHERE invitation = '${invitation}'`) === 'asked', 90);
  assert.deepEqual(shares(invitation), ['Amina Yusuf in asked 900 900', 'George Whitlock in asked 900 900']);
  const provider = await open(providerOf('Studio session'), true);
  await provider.goto(`${town.url}/provider`);
  const cards = provider.getByRole('link', { name: 'Studio session (shared) for 2 people' });
  await provider.fit();
  // The town's own pool closed as well, and comes as one request too.
  const refs = await cards.evaluateAll((links) => links.map((a) => a.getAttribute('href')));
  const first = one(`SELECT o.ref FROM payments.orders o JOIN payments.pool_member m ON m.order_id = o.id JOIN payments.pool p ON p.id = m.pool_id WHERE p.invitation = '${invitation}' ORDER BY o.id LIMIT 1`);
  assert.equal(refs.length, 2);
  await provider.goto(town.url + refs.find((r) => r.endsWith(first)));
  assert.match(await provider.locator('main').innerText(), /1 session, £18\.00 for all of them together[^]*Amina Yusuf[^]*£9\.00[^]*George Whitlock[^]*£9\.00/);
  await provider.fit();
  await provider.getByRole('button', { name: 'Accept' }).click();
  await provider.getByText('You accepted this').waitFor();
  assert.deepEqual(shares(invitation), ['Amina Yusuf in accepted 900 900', 'George Whitlock in accepted 900 900']);

  // Each has a visit, and answers for their own.
  await later(21);
  for (const [ref] of town.sql(`SELECT v.ref FROM payments.visit v JOIN payments.pool_member m ON m.order_id = v.order_id JOIN payments.pool p ON p.id = m.pool_id WHERE p.invitation = '${invitation}'`)) {
    const them = await as(providerOf('Studio session'));
    await them.submit(await them.form(`/provider/visits/${ref}`, `/provider/visits/${ref}`), { outcome: 'delivered', minutes: '', note: '' });
  }
  const orders = new Map(town.sql(`SELECT n.name, o.ref FROM payments.orders o JOIN payments.pool_member m ON m.order_id = o.id JOIN identity.person n ON n.id = o.person_id JOIN payments.pool p ON p.id = m.pool_id WHERE p.invitation = '${invitation}'`));
  const mine = await as('Amina Yusuf'), his = await as('George Whitlock');
  const order = await mine.get(`/orders/${orders.get('Amina Yusuf')}`);
  assert.match(textOf(order.text), /several people pay for together/);
  assert.equal((await mine.get(`/orders/${orders.get('George Whitlock')}`)).status, 404, 'his share is not hers to see');
  assert.match(textOf((await mine.submit(formsOf(order.text).find((f) => f.action.endsWith('/confirm')))).text), /You said that the visit happened/);
  const query = formsOf((await his.get(`/orders/${orders.get('George Whitlock')}`)).text).find((f) => f.action.endsWith('/confirm')).action.replace('/confirm', '/query');
  await his.submit(await his.form(query, query), { reason: 'The kiln was cold' });
  assert.deepEqual(town.sql(`SELECT n.name, v.state FROM payments.visit v JOIN identity.person n ON n.id = v.person_id WHERE v.order_id IN (SELECT m.order_id FROM payments.pool_member m JOIN payments.pool p ON p.id = m.pool_id WHERE p.invitation = '${invitation}') ORDER BY 1`)
    .map((r) => r.join(' ')), ['Amina Yusuf confirmed', 'George Whitlock queried']);
  assert.equal(Number(heldOf('George Whitlock')) <= georgeHeld + 900, true);
  assert.equal(await town.verify(), '');
  await town.serve();
  assert.deepEqual(findings, []);
});

test('saying no, leaving and too few people: the money is free, and nobody is told why', async () => {
  const [amina, margaret, rosa] = [await as('Amina Yusuf'), await as('Margaret Lowe'), await as('Rosa Marino')];
  const page = await propose(amina, 'Studio session');
  const invitation = page.path.split('/').pop(), before = [heldOf('Amina Yusuf'), heldOf('Margaret Lowe')];
  const joined = await answer(amina, invitation, true, { outcome: outcomeOf('Amina Yusuf'), shown: 'initials' });
  const pool = joined.path.replace('/joined', ''), letters = () => one('SELECT count(*) FROM jobs.outbox');
  const [hers, sent] = [(await amina.get(pool)).text, letters()];
  const essence = (text) => text.replace(/name="(csrf|key)" value="[^"]*"/g, '').replace(/\b[0-9a-f]{16}\b/g, '');
  assert.match(textOf((await answer(margaret, invitation, false)).text), /You said no\. The others are not told/);
  assert.equal(letters(), sent, 'no letter about it');
  assert.equal(essence((await amina.get(pool)).text), essence(hers), 'her page is the same to the byte');
  assert.equal((await rosa.get(pool)).status, 404, 'the page of those who take part is not for others');
  assert.match(textOf((await rosa.get(`${pool}?done=left`)).text), /not/i);
  assert.match(textOf((await answer(margaret, invitation, true, { shown: 'nothing' })).text), /You take part/, 'she may change her mind');
  const left = await margaret.submit(await margaret.form(pool, `${pool}/leave`));
  assert.match(textOf(left.text), /You have left\. What was set aside is free again/);
  assert.doesNotMatch(textOf(left.text), /With you|said yes|A\. Y\./, 'who has left sees no more of the others');
  assert.deepEqual(shares(invitation), ['Amina Yusuf in gathering 900 900', 'Margaret Lowe declined   ', 'Margaret Lowe left cancelled 900 900']);
  assert.equal(heldOf('Margaret Lowe'), before[1]);
  assert.match((await margaret.get('/pools.csv')).text, /ref,title,.*\r?\n.*,left,/m);
  await later(11);
  await eventually('the pool has ended', () => one(`SELECT state FROM payments.pool WHERE invitation = '${invitation}'`) === 'ended', 90);
  assert.equal(heldOf('Amina Yusuf'), before[0]);
  assert.match(textOf((await amina.get(pool)).text), /Fewer than 2 people said yes, so it does not take place\. £9\.00 is free again/);
  assert.match(textOf((await rosa.get(`/pools/join/${invitation}`)).text), /The last day to say yes has passed/);
  assert.equal(await town.verify(), '');
  await town.serve();
});

test('a helper answers within the mandate; another council and an agreed price are closed doors', async () => {
  const nadia = await as('Nadia Rahman'), tom = one(`SELECT ref FROM identity.person WHERE name = 'Tom Ashdown'`), base = `/for/${tom}`;
  const page = await propose(nadia, 'Studio session', {}, base), invitation = page.path.split('/').pop();
  const joined = await answer(nadia, invitation, true, { outcome: outcomeOf('Tom Ashdown'), shown: 'first_name' }, base);
  assert.match(textOf(joined.text), /You take part/);
  assert.equal(one(`SELECT count(*) FROM payments.pool_member m JOIN payments.pool p ON p.id = m.pool_id WHERE p.invitation = '${invitation}' AND m.mandate_id IS NOT NULL AND m.person_id = ${personOf('Tom Ashdown')}`), '1');
  assert.match(one(`SELECT string_agg(replace(payload ->> 'body', E'\\n', ' '), ' ') FROM jobs.outbox WHERE payload ->> 'subject' LIKE 'Taking part together%' AND (payload ->> 'to_person')::bigint = ${personOf('Tom Ashdown')}`),
    /Nadia Rahman \(on your behalf\) said that you take part/);
  const owen = await as('Owen Price');
  assert.equal((await owen.get(`/pools/join/${invitation}`)).status, 404, 'another council has no such invitation');
  assert.match(textOf((await owen.get(`/pools/join?invitation=${invitation}`)).text), /We do not know this reference/);
  // A service with an agreed price: shared at it by those whose council pays, and nothing of it is told to a self-funder.
  const [title, agreed] = town.sql(`SELECT l.title, a.price FROM catalogue.agreed_price a JOIN catalogue.listing l ON l.id = a.listing_id WHERE a.council_id = 1 AND a.price <> l.price AND l.unit = 'hour' AND l.status = 'published' ORDER BY l.id LIMIT 1`)[0];
  const amina = await as('Amina Yusuf'), dear = (await propose(amina, title, { minutes: '2 hours' })).path.split('/').pop();
  assert.equal(one(`SELECT price_source || ' ' || price FROM payments.pool WHERE invitation = '${dear}'`), `agreed ${2 * Number(agreed)}`);
  const margaret = await as('Margaret Lowe'), closed = textOf((await margaret.get(`/pools/join/${dear}`)).text);
  assert.match(closed, /a price that a council agreed/);
  assert.ok(!closed.includes(`£${(Number(agreed) / 100).toFixed(2)}`), 'the agreed price is not told');
  assert.equal((await margaret.get(`/pools/join/${dear}`)).text.includes('Yes, take part'), false);
  assert.equal(await town.verify(), '');
});
