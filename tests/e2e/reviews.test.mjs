// A review from the person to the provider's answer, to everybody, to somebody who reports it, to the moderator: by forms alone, as without JavaScript.
//   node --test tests/e2e/reviews.test.mjs
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, Town, formsOf, textOf } from './harness.mjs';

const WORDS = 'She knows every bench on the way.';
let town, order, listing, publicPage, anybody;
const as = async (name) => {
  const client = new Client(town);
  await client.signIn(name);
  return client;
};
const one = (sql) => town.sql(sql)[0]?.[0];
const orderOf = (person, title) => one(`SELECT o.ref FROM payments.orders o JOIN payments.order_line l ON l.order_id = o.id JOIN identity.person p ON p.id = o.person_id
  WHERE p.name = '${person}' AND l.title = '${title}' ORDER BY o.id LIMIT 1`);
/** The words of the public page of the service. */
const read = async (path = publicPage) => textOf((await anybody.get(path)).text);

before(async () => {
  town = await Town.open();
  await town.serve();
  anybody = new Client(town);
  order = orderOf('Amina Yusuf', 'Walking company');
  listing = one(`SELECT ref FROM catalogue.listing WHERE title = 'Walking company'`);
  publicPage = `/services/${listing}`;
});
after(() => town?.close());

test('what was delivered can be reviewed from the order, and everybody reads it once the moderator has', async () => {
  assert.match(await read(), /No reviews yet/);
  const amina = await as('Amina Yusuf'), at = `/orders/${order}/review`;
  assert.ok((await amina.get(`/orders/${order}`)).text.includes(`href="${at}"`), 'the order leads there');
  const refused = await amina.submit(await amina.form(at, at), { on_time: 'yes', as_agreed: 'yes', words: WORDS });
  assert.equal(refused.status, 422);
  assert.match(textOf(refused.text), /There is a problem.*Say whether they were kind.*Say whether you would use them again/);
  assert.ok(refused.text.includes(WORDS), 'what was typed is still there');
  const elsewhere = refused.path.replace(order, one(`SELECT o.ref FROM payments.orders o JOIN identity.person p ON p.id = o.person_id WHERE p.name = 'Amina Yusuf' AND o.ref <> '${order}' LIMIT 1`));
  assert.match(elsewhere, /review\?kept=/);
  assert.ok(!(await amina.get(elsewhere)).text.includes(WORDS), 'and not on the page of another order');
  const unsure = { on_time: 'unsure', as_agreed: 'unsure', was_kind: 'unsure', use_again: 'unsure' };
  assert.match(textOf((await amina.submit(await amina.form(at, at), { ...unsure, words: WORDS })).text), /Answer at least one of the four questions/);
  const form = await amina.form(at, at), said = { on_time: 'partly', as_agreed: 'yes', was_kind: 'yes', use_again: 'unsure', words: WORDS };
  assert.match(textOf((await amina.submit(form, said)).text), /Thank you\. Your answers count now\..*The council reads your words first/);
  assert.match(textOf((await amina.submit(form, said)).text), /Your review/, 'sent twice is once');
  assert.equal(one(`SELECT count(*) FROM catalogue.review r JOIN payments.orders o ON o.id = r.order_id WHERE o.ref = '${order}'`), '1');
  assert.match(await read(), /Did what was agreed: yes Kind: yes Written by the person/, 'the answers count at once, the words wait');
  const colin = await as('Colin Mead'), reference = one(`SELECT ref FROM catalogue.review WHERE words = '${WORDS}'`), desk = `/council/reviews/${reference}`;
  const priya = await as('Priya Nair');
  for (const at of ['/provider/reviews', `/provider/reviews/${reference}`, '/provider/reviews.csv']) assert.doesNotMatch((await priya.get(at)).text, /every bench/, at);
  for (const name of ['Helen Draycott', 'Grace Adeyemi', 'Peter Lindqvist']) {
    const officer = await as(name);
    for (const at of ['/council/reviews', desk, '/council/reviews.csv']) assert.doesNotMatch((await officer.get(at)).text, /every bench/, `${name} at ${at}`);
    assert.match(textOf((await officer.get(desk)).text), /The moderator reads them first/);
  }
  assert.match(textOf((await colin.get('/council')).text), /2 reviews to read before everybody does/);
  assert.match(textOf((await colin.submit(await colin.form(desk, `${desk}/show`))).text), /Everybody can read the review\./);
  const page = await read();
  assert.match(page, /1 review so far\. That is too few for figures/);
  assert.match(page, /Came when they said: mostly Did what was agreed: yes Kind: yes She knows every bench on the way\. Written by the person/);
  assert.doesNotMatch(page, /Amina|Yusuf|Would use them again/);
  assert.doesNotMatch(textOf((await amina.get(`${at}?done=withdrawn`)).text), /taken away/, 'an address alone tells nothing');
});

test('nobody reviews what was not delivered, or without the right; who has it writes visibly on their behalf', async () => {
  const asked = orderOf('George Whitlock', 'Handyman'), george = await as('George Whitlock');
  assert.match(textOf((await george.get(`/orders/${asked}/review`)).text), /You can write a review once a visit has taken place/);
  const other = await george.form(`/orders/${orderOf('George Whitlock', 'Hot meal at your door')}/review`, /review$/), all = { on_time: 'yes', as_agreed: 'yes', was_kind: 'yes', use_again: 'yes' };
  const early = await george.post(`/orders/${asked}/review`, { ...other.fields, ...all });
  assert.equal(early.status, 409);
  const edith = one(`SELECT ref FROM identity.person WHERE name = 'Edith Marlow'`), clara = await as('Clara Marlow'), club = `/for/${edith}/orders/${orderOf('Edith Marlow', 'Dementia day club')}/review`;
  const closed = await clara.get(club);
  assert.match(textOf(closed.text), /You may not write reviews for Edith Marlow/);
  assert.deepEqual(formsOf(closed.text).filter((f) => f.action === club), []);
  const lily = one(`SELECT ref FROM identity.person WHERE name = 'Lily Chen'`), mei = await as('Mei Chen'), studio = `/for/${lily}/orders/${orderOf('Lily Chen', 'Studio session')}/review`;
  const form = await mei.form(studio, studio);
  assert.equal((await clara.post(club, { ...(await clara.form('/worried', '/worried')).fields, ...all })).status, 403, 'the form of another page does not help');
  await mei.submit(form, { ...all, words: 'The kiln is her favourite.' });
  town.sql(`UPDATE catalogue.review SET words_checked = true`);
  const page = await read(`/services/${one("SELECT ref FROM catalogue.listing WHERE title = 'Studio session'")}`);
  assert.match(page, /The kiln is her favourite\. Written for the person by somebody who helps them/);
  assert.doesNotMatch(page, /Lily|Mei|Chen/);
});

test('the provider reads it without a name and answers, once, for everybody', async () => {
  const priya = await as('Priya Nair'), list = await priya.get('/provider/reviews');
  assert.match(textOf(list.text), /She knows every bench on the way/);
  assert.doesNotMatch(textOf(list.text), /Amina|Yusuf/);
  const [, at] = list.text.match(/href="(\/provider\/reviews\/[^"]+)"/);
  assert.equal((await priya.submit(await priya.form(at, at), { reply: '' })).status, 422);
  assert.match(textOf((await priya.submit(await priya.form(at, at), { reply: 'I will bring a cushion.' })).text), /Everybody can read your answer now/);
  assert.match(await read(), /Walk with Priya answered in \w+ \d{4}: I will bring a cushion\./);
  await priya.submit(await priya.form(at, at), { reply: 'I will bring two.' });
  const page = await read();
  assert.match(page, /I will bring two\./);
  assert.doesNotMatch(page, /cushion/);
  const csv = (await priya.get('/provider/reviews.csv')).text;
  assert.match(csv, /She knows every bench/);
  for (const secret of ['Amina', order, ...town.sql(`SELECT ref FROM identity.person`).flat()]) assert.ok(!csv.includes(secret), secret);
  const olivia = await as('Olivia Stone');
  assert.equal((await olivia.get(at)).status, 404, 'another provider has no such review');
});

test('anybody may report it without being known; the moderator hides it with a reason, and it is gone', async () => {
  const reference = one(`SELECT r.ref FROM catalogue.review_shown r WHERE r.words = '${WORDS}'`), at = `/reviews/${reference}/report`;
  assert.ok((await anybody.get(publicPage)).text.includes(`href="${at}"`));
  assert.equal((await anybody.submit(await anybody.form(at, at), {})).status, 422);
  assert.match(textOf((await anybody.submit(await anybody.form(at, at), { reason: 'unkind', words: 'What about the other benches?' })).text), /Thank you.*moderator reads the review/);
  const colin = await as('Colin Mead');
  assert.match(textOf((await colin.get('/council')).text), /2 reviews that somebody reported/);
  const desk = `/council/reviews/${reference}`, page = textOf((await colin.get(desk)).text);
  assert.match(page, /“What about the other benches\?” It is unkind or rude/);
  assert.doesNotMatch(page, /Amina|Who wrote it/);
  assert.equal((await colin.submit(await colin.form(desk, `${desk}/hide`), { note: 'No.' })).status, 422, 'not without a reason');
  assert.match(textOf((await colin.submit(await colin.form(desk, `${desk}/hide`), { reason: 'unkind', note: 'To the benches.' })).text), /The review is hidden\. Whoever wrote it is told/);
  assert.match(await read(), /No reviews yet/);
  assert.equal((await anybody.get(at)).status, 404, 'what is hidden cannot be reported');
  assert.equal(one(`SELECT detail ->> 'reason' FROM audit.event WHERE verb = 'review_hidden' AND ref = '${reference}'`), 'unkind');
  const amina = await as('Amina Yusuf');
  assert.match(textOf((await amina.get(`/orders/${order}/review`)).text), /The council has hidden it.*The reason: It is unkind or rude/);
  await colin.submit(await colin.form(desk, `${desk}/show`));
  assert.match(await read(), /She knows every bench on the way\..*I will bring two\./);
});

test('only the safeguarding lead and the auditor learn who wrote it, and the person sees that they looked', async () => {
  const reference = one(`SELECT r.ref FROM catalogue.review_shown r WHERE r.words = '${WORDS}'`), amina = await as('Amina Yusuf');
  for (const [name, may] of [['Helen Draycott', false], ['Grace Adeyemi', true], ['Peter Lindqvist', true]]) {
    const officer = await as(name), page = await officer.get(`/council/reviews/${reference}`);
    assert.equal(page.status, 200);
    assert.equal(/Amina Yusuf/.test(textOf(page.text)), may, name);
    assert.deepEqual(formsOf(page.text).filter((f) => f.action.startsWith('/council/reviews')), [], 'deciding is the moderator’s');
    assert.equal(textOf((await amina.get('/helpers')).text).includes(name), may, `${name} among those who looked`);
    for (const secret of ['Amina', order]) assert.ok(!(await officer.get('/council/reviews.csv')).text.includes(secret), secret);
  }
  assert.equal((await (await as('Ravi Patel')).get('/council/reviews')).status, 403);
  assert.equal((await (await as('Beth Lawson')).get(`/council/reviews/${reference}`)).status, 404, 'another council has no such review');
});

test('figures say how many answers they are of, and no more than is sure; nothing of them changes a search', async () => {
  const hearth = one(`SELECT ref FROM identity.organisation WHERE name = 'Hearth and Home Care'`), page = await read(`/reviews/${hearth}`);
  assert.match(page, /3 reviews, by people to whom it was delivered/);
  assert.match(page, /Came when they said 2 of 3 1 mostly, 0 no At least 20 of 100 would say yes/);
  const [, storefront] = (await anybody.get(`/reviews/${hearth}`)).text.match(/href="([^"]+)">See what they offer/);
  assert.match(await read(storefront), /^Hearth and Home Care/);
  const rows = (await anybody.get(`/reviews/${hearth}.csv`)).text.trim().split('\r\n');
  assert.equal(rows.length, 4);
  assert.equal(rows[0], 'ref,service,service_ref,organisation,written_in,written_by,on_time,as_agreed,was_kind,use_again,words,is_changed,reply,replied_in');
  const found = async () => (await anybody.get('/services.json?q=care')).text, before = await found();
  town.sql(`UPDATE catalogue.review SET on_time = 'no', as_agreed = 'no', was_kind = 'no', use_again = 'no'`);
  assert.match(await read(`/reviews/${hearth}`), /0 of 3/);
  assert.equal(await found(), before);
});

test('it may be changed, and taken away for good', async () => {
  const amina = await as('Amina Yusuf'), at = `/orders/${order}/review`;
  const changed = await amina.submit(await amina.form(at, at), { on_time: 'yes', as_agreed: 'yes', was_kind: 'yes', use_again: 'yes', words: 'And every duck.' });
  assert.match(textOf(changed.text), /Your review is changed\..*The council reads your words first/);
  assert.doesNotMatch(await read(), /bench|duck/);
  town.sql(`UPDATE catalogue.review SET words_checked = true`);
  assert.match(await read(), /And every duck\. Written by the person, and changed since\./);
  assert.match(textOf((await amina.submit(await amina.form(`${at}/take-away`, `${at}/take-away`))).text), /Your review is taken away\..*cannot be written again/);
  assert.match(await read(), /No reviews yet/);
  assert.deepEqual(formsOf((await amina.get(at)).text).filter((f) => f.action === at), []);
  assert.equal(town.sql(`SELECT words, reply FROM catalogue.review r JOIN payments.orders o ON o.id = r.order_id WHERE o.ref = '${order}'`)[0].join(''), '');
  assert.equal(await town.verify(), '');
});
