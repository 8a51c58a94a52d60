// What people and programs send wrong: each gets a clear answer, and nothing is changed (every table has as many rows as before).
//   node --test tests/e2e/bad_input.test.mjs
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, Town, eventually, formsOf, iso, key, textOf } from './harness.mjs';

let town, amina, listing, outcome;

before(async () => {
  town = await Town.open();
  await town.serve();
  amina = new Client(town);
  await amina.signIn('Amina Yusuf');
  listing = town.sql(`SELECT ref FROM catalogue.listing WHERE title = 'Personal care at home'`)[0][0];
  outcome = town.sql(`SELECT o.ref FROM payments.outcome o JOIN identity.person p USING (council_id) WHERE p.id = o.person_id AND p.name = 'Amina Yusuf' LIMIT 1`)[0][0];
});
after(() => town?.close());

const asked = () => {
  const [year, month, day] = iso(3).split('-').map(Number);
  return { minutes: '1 hour', quantity: '', weekdays: ['1'], starts_on: `${day} ${month} ${year}`, starts_at: '', weeks: '2', outcome, note: '' };
};
const askForm = () => amina.form(`/ask/${listing}`, `/ask/${listing}/check`);
// The answer, with the row counts before and after it.
async function unchanged(send, statuses, said) {
  const before = town.counts();
  const answer = await send();
  assert.ok([statuses].flat().includes(answer.status), `${answer.status}: ${textOf(answer.text).slice(0, 300)}`);
  if (said) assert.match(textOf(answer.text), said);
  assert.equal(town.counts(), before, 'nothing was changed');
  return answer;
}

test('values that cannot be are marked at their fields, with a link from the summary', async () => {
  for (const [wrong, said] of [
    [{ starts_on: '31 2 2027' }, /Enter the first day/], [{ starts_on: '' }, /Enter the day it should begin/], [{ minutes: 'a while' }, /Enter how long each time/],
    [{ weeks: '9000' }, /from 1 to 53/], [{ weekdays: ['9'] }, /choose|day/i], [{ note: 'x'.repeat(501) }, /500/],
  ]) {
    const form = await askForm();
    const { text } = await unchanged(() => amina.submit(form, { ...asked(), ...wrong }), 422, said);
    assert.match(text, /<title>Error: /);
    assert.match(text, /class="govuk-error-summary"/);
    const target = text.match(/govuk-error-summary__list[^]*?href="#([^"]+)"/)[1];
    assert.ok(text.includes(`id="${target}"`), `the summary links to ${target}`);
  }
});

test('what the ledger refuses is a sentence and no order', async () => {
  for (const [wrong, said] of [[{ starts_on: '1 1 2020' }, /days you chose|first day/i], [{ outcome: 'ZZZZ-ZZZZ' }, /for|outcome/i], [{ weeks: '53', minutes: '99 hours' }, /short/]]) {
    const form = await askForm();
    await unchanged(() => amina.submit({ ...form, action: `/ask/${listing}/check` }, { ...asked(), ...wrong }), [200, 422], said);
  }
});

test('a form without its token, with another one, or without its key does nothing', async () => {
  const form = await askForm();
  const action = `/ask/${listing}`;
  await unchanged(() => amina.post(action, { ...asked(), key: key() }), 403, /open for too long/);
  await unchanged(() => amina.post(action, { ...form.fields, ...asked(), csrf: 'x'.repeat(form.fields.csrf.length) }), 403, /open for too long/);
  await unchanged(() => amina.post(action, { ...form.fields, ...asked(), key: '' }), 400, /Reload the page/);
  await unchanged(() => amina.post(action, { ...form.fields, ...asked(), key: 'not-a-key' }), 400, /Reload the page/);
  const stranger = new Client(town);
  const { csrf } = formsOf((await stranger.get('/sign-in')).text)[0].fields;
  await unchanged(() => amina.post(action, { ...form.fields, ...asked(), csrf }), 403, /open for too long/);
});

test('another site cannot send our forms', async () => {
  const form = await askForm();
  await unchanged(() => amina.post(`/ask/${listing}`, { ...form.fields, ...asked() }, { headers: { origin: 'https://elsewhere.example' } }), 403);
  await unchanged(() => amina.post(`/ask/${listing}`, { ...form.fields, ...asked() }, { headers: { 'sec-fetch-site': 'cross-site' } }), 403);
});

test('the button pressed twice asks once and shows the same page', async () => {
  const form = await askForm();
  const send = () => amina.post(`/ask/${listing}`, { ...form.fields, ...asked() });
  const count = () => Number(town.sql('SELECT count(*) FROM payments.orders')[0][0]);
  const before = count();
  const [first, second] = await Promise.all([send(), send()]);
  assert.deepEqual([first.status, second.status], [303, 303]);
  assert.equal(first.location, second.location);
  assert.equal(count(), before + 1);
  await unchanged(send, 303);
  await unchanged(() => amina.post(`/ask/${listing}`, { ...form.fields, ...asked(), weeks: '3' }), 422, /already sent with other answers/);
});

test('bodies that cannot be read are answered, not guessed at', async () => {
  const form = await askForm();
  const send = (body, type) => () => amina.send(`/ask/${listing}`, { method: 'POST', body, headers: { 'content-type': type, 'idempotency-key': key() } });
  await unchanged(send('{"minutes": 60', 'application/json'), 400, /JSON/);
  await unchanged(send('[1, 2]', 'application/json'), 400, /JSON/);
  await unchanged(send('{"minutes": 60, "sql": "DROP"}', 'application/json'), 400, /JSON/);
  await unchanged(send('{"minutes": "sixty", "starts_on": "soon"}', 'application/json'), 422);
  await unchanged(send('<x/>', 'text/xml'), [400, 415], /read/);
  await unchanged(send('a=%zz', 'application/x-www-form-urlencoded'), 400);
  await unchanged(send('--x\r\nnonsense', 'multipart/form-data; boundary=x'), 400);
  await unchanged(() => amina.send(`/ask/${listing}`, { method: 'POST', body: JSON.stringify({ minutes: 60 }), headers: { 'content-type': 'application/json' } }), 400, /key/i);
  await unchanged(() => amina.post(`/ask/${listing}`, { ...form.fields, note: 'x'.repeat(2 << 20) }).catch(() => ({ status: 413, text: '' })), 413);
});

test('programs get problem documents for what is wrong', async () => {
  const { headers, text, status } = await amina.send('/orders/ZZZZ-ZZZZ', { headers: { accept: 'application/json' } });
  assert.equal(status, 404);
  assert.match(headers.get('content-type'), /^application\/problem\+json/);
  assert.equal(JSON.parse(text).status, 404);
});

test('what belongs to the other council, or to nobody, is the same page', async () => {
  const other = town.sql('SELECT ref FROM payments.orders WHERE council_id = 2 LIMIT 1')[0][0];
  const neighbour = town.sql(`SELECT o.ref FROM payments.orders o JOIN identity.person p ON p.council_id = o.council_id AND p.id = o.person_id WHERE p.name = 'George Whitlock' LIMIT 1`)[0][0];
  const visit = town.sql('SELECT ref FROM payments.visit WHERE council_id = 2 LIMIT 1')[0][0];
  const person = town.sql(`SELECT ref FROM identity.person WHERE council_id = 2 LIMIT 1`)[0][0];
  const missing = '2222-2222';
  const plain = (answer, ref) => answer.text.replaceAll(ref, 'REF').replaceAll(answer.headers.get('x-request-id'), 'ID').replace(/(name="(?:csrf|key)" value=")[^"]*/g, '$1');
  const same = async (client, path, refs) => {
    const nothing = await client.get(path(missing));
    assert.equal(nothing.status, 404);
    for (const ref of refs) {
      const answer = await client.get(path(ref));
      assert.equal(answer.status, 404, path(ref));
      assert.equal(plain(answer, ref), plain(nothing, missing), `${path(ref)} looks like nothing`);
    }
  };
  for (const suffix of ['', '/cancel', '/asked', '.json', '.csv']) await same(amina, (ref) => `/orders/${ref}${suffix}`, [other, neighbour]);
  await same(amina, (ref) => `/visits/${ref}/query`, [visit]);
  const nadia = new Client(town);
  await nadia.signIn('Nadia Rahman');
  const george = town.sql(`SELECT ref FROM identity.person WHERE name = 'George Whitlock'`)[0][0];
  await same(nadia, (ref) => `/for/${ref}/money`, [person, george]);
});

test('nobody writes to what is not theirs', async () => {
  const form = await askForm();
  const visit = town.sql(`SELECT v.ref FROM payments.visit v JOIN identity.person p ON p.council_id = v.council_id AND p.id = v.person_id WHERE p.name = 'George Whitlock' AND v.state = 'delivered' LIMIT 1`)[0][0];
  const other = town.sql(`SELECT ref FROM payments.visit WHERE council_id = 2 AND state = 'delivered' LIMIT 1`)[0][0];
  for (const ref of [visit, other, '2222-2222']) await unchanged(() => amina.post(`/visits/${ref}/confirm`, { csrf: form.fields.csrf, key: key() }), 404);
  const order = town.sql(`SELECT o.ref FROM payments.orders o WHERE council_id = 2 LIMIT 1`)[0][0];
  await unchanged(() => amina.post(`/orders/${order}/cancel`, { csrf: form.fields.csrf, key: key(), reason: 'mine now' }), 404);
});

test('pages of another role are refused in words', async () => {
  await unchanged(() => amina.get('/people'), 403, /role/);
  await unchanged(() => amina.get('/council/concerns'), 403, /role/);
  const visitor = new Client(town);
  const answer = await visitor.send('/money');
  assert.equal(answer.status, 303);
  assert.match(answer.location, /^\/sign-in\?next=\/money/);
});

test('after signing out, or when the session has ended, a form says so and changes nothing', async () => {
  const client = new Client(town);
  await client.signIn('Amina Yusuf');
  const form = await client.form(`/ask/${listing}`, `/ask/${listing}/check`);
  town.sql(`UPDATE identity.session SET expires_at = now() - interval '1 minute' WHERE account_id = (SELECT id FROM identity.account WHERE name = 'Amina Yusuf')`);
  await unchanged(() => client.post(`/ask/${listing}`, { ...form.fields, ...asked() }), [401, 403], /[Nn]othing was changed/);
  await amina.signIn('Amina Yusuf');
});

test('addresses and methods that do not exist', async () => {
  await unchanged(() => amina.get('/nowhere'), 404, /Page not found/);
  await unchanged(() => amina.send('/money', { method: 'POST', body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }), 405);
  await unchanged(() => amina.get('/orders/<script>alert(1)</script>'), 404);
  await unchanged(() => amina.get('/services?q=' + encodeURIComponent(`'; DROP TABLE payments.orders; --`)), 200);
  const { text } = await amina.get('/services?q=' + encodeURIComponent('<script>alert(1)</script>'));
  assert.ok(!text.includes('<script>alert'), 'what was typed is shown as text');
  await unchanged(() => amina.get('/services?near=nowhere'), [200, 422], /postcode/i);
});

// A file that arrived is kept with its verdict; nothing else may follow from one that cannot be read.
const effects = () => town.counts().split(' ').filter((c) => !/^(audit\.event|jobs\.file|mc\.idempotency)=/.test(c)).join(' ');

async function refused(client, page, name, bytes, verdict) {
  const before = effects();
  const form = await client.form(page, page);
  const sent = await client.upload(form, 'file', name, bytes);
  assert.equal(sent.status, 200, `${name}: ${textOf(sent.text).slice(0, 200)}`);
  const ref = town.sql(`SELECT ref FROM jobs.file ORDER BY id DESC LIMIT 1`)[0][0];
  const answer = await eventually(`the verdict on ${name}`, async () => {
    const shown = await client.get(`${page.replace(/\/invoices\/upload$/, '')}/files/${ref}`);
    return verdict.test(textOf(shown.text)) && shown;
  });
  assert.equal(answer.status, 200);
  assert.equal(effects(), before, `${name} changed nothing`);
}

test('what somebody typed where a day or a number belongs is not in the log', async () => {
  const olivia = new Client(town), susan = new Client(town);
  await olivia.signIn('Olivia Stone');
  await susan.signIn('Susan Oakes');
  const form = { ...(await olivia.form('/provider/bank', '/provider/bank')).fields, number: '1', order: 'x', to: 'Mrs Vale has dementia', from: 'Mrs Vale has dementia' };
  await unchanged(() => olivia.post('/provider/invoices/new', form), [400, 422]);
  await unchanged(() => susan.get('/council/exceptions/ZZZZ-ZZZ2/lines/mrs-vale'), [400, 404]);
  assert.match(town.log, /sqlstate=22/, 'that it could not be read is');
  assert.doesNotMatch(town.log, /vale/i);
});

test('uploads that cannot be read are refused with the reason, and nothing follows from them', async () => {
  const olivia = new Client(town), ravi = new Client(town);
  await olivia.signIn('Olivia Stone');
  await ravi.signIn('Ravi Patel');
  const bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x">]><Invoice>&b;</Invoice>';
  for (const [name, bytes] of [['broken.xml', '<Invoice><cbc:ID>1'], ['bomb.xml', bomb], ['words.txt', 'Please pay me.'], ['picture.png', Buffer.from([137, 80, 78, 71, 0, 0, 0, 1])]])
    await refused(olivia, '/provider/invoices/upload', name, bytes, /could not read this file|correct this invoice/i);
  for (const [name, bytes] of [['broken.xml', '<Document><BkToCstmrStmt>'], ['bomb.xml', bomb], ['broken.csv', 'date;amount\n1/2;x\n"'], ['words.sta', ':20:\nnothing']])
    await refused(ravi, '/council/statements', name, bytes, /could not be read|holds no statement|not one of the council|does not say which account/);
});

test('a file that is missing or too large, or sent by somebody else, is answered at once', async () => {
  const olivia = new Client(town);
  await olivia.signIn('Olivia Stone');
  const page = '/provider/invoices/upload';
  const form = await olivia.form(page, page);
  await unchanged(() => olivia.upload(form, 'other', 'x.xml', '<x/>'), 422);
  await unchanged(() => olivia.upload(form, 'file', 'large.xml', Buffer.alloc(11 << 20, 32)).catch(() => ({ status: 413, text: '' })), 413);
  await unchanged(() => amina.upload({ ...form, fields: { csrf: form.fields.csrf, key: key() } }, 'file', 'x.xml', '<x/>'), [403], /role|open for too long/);
});
