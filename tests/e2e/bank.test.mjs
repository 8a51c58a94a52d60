// What the bank does with a run of ours comes back: its answer (pain.002) and its statement, in every format, through the real program.
//   node --test tests/e2e/bank.test.mjs
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client, Town, eventually, root, textOf } from './harness.mjs';

let town, ravi, susan, bank;
const formats = ['camt.053.001.08.xml', 'camt.053.001.02.xml', 'mt940.sta', 'lloyds-00001.csv', 'barclays-00001.csv', 'marked-00001.csv'];

before(async () => {
  execFileSync('make', ['--no-print-directory', 'build/release/tests/fakebank'], { cwd: root });
  town = await Town.open();
  const weights = join(town.dir, 'weights.txt'); // an invented table: sort codes 99xxxx are not in use
  writeFileSync(weights, '990000 990099 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7 1\n');
  await town.serve({ settings: { modulus_weights: weights } });
  [ravi, susan] = [new Client(town), new Client(town)];
  await ravi.signIn('Ravi Patel');
  await susan.signIn('Susan Oakes');
  bank = join(town.dir, 'bank');
  mkdirSync(bank);
});
after(async () => {
  if (bank) rmSync(bank, { recursive: true, force: true });
  await town?.close();
});

const press = async (who, path, action) => who.submit(await who.form(path, action));
const one = (sql) => town.sql(sql)[0]?.join(' ');

// Sends a file of the bank and waits until jobs has read it; what the page then says.
async function send(name, bytes) {
  const sent = await ravi.upload(await ravi.form('/council/statements', '/council/statements'), 'file', name, bytes);
  assert.match(sent.path, /^\/council\/statements\/files\//); // it may have been read by now
  return eventually(`${name} is read`, async () => {
    const said = textOf((await ravi.get(sent.path)).text);
    return !/is being read/.test(said) && said;
  });
}

// The simulated bank takes the file until its dice have one payment rejected and one sent back.
function bankTakes(pain) {
  const file = join(bank, 'pain.xml');
  writeFileSync(file, pain);
  for (let seed = 186; seed < 2000; seed++) { // with the town as it is, the first one does
    execFileSync(join(root, 'build/release/tests/fakebank'), ['pain', String(seed), file, bank]);
    const answer = readFileSync(join(bank, 'pain.002.xml'), 'utf8'), statement = readFileSync(join(bank, formats[0]), 'utf8');
    if ((answer.match(/RJCT/g) ?? []).length === 1 && (statement.match(/<RtrInf>/g) ?? []).length === 1) return { answer, statement };
  }
  throw new Error('no seed of the bank rejects one payment and sends one back');
}

test('a run over somebody’s limit needs somebody else, and nobody sets their own', async () => {
  const at = '/council/limits/new', page = (await ravi.get(at)).text, email = page.match(/<option value="([^"]+)"[^>]*>Susan Oakes/)[1];
  assert.doesNotMatch(page, /<option[^>]*>Ravi Patel/);
  const set = async (fields) => textOf((await ravi.submit(await ravi.form(at, at), { account: email, extent: 'up_to', amount: '', starts_on: '', reason: 'New in the team', ...fields })).text);
  assert.match(await set({}), /Enter the sum/);
  assert.match(await set({ amount: '1' }), /Susan Oakes up to £1\.00/);
  const made = await press(ravi, '/council/runs/new', '/council/runs/new');
  const run = `/council/runs/${made.text.match(/\/council\/runs\/([2-9A-Z]{4}-[2-9A-Z]{4})/)[1]}`;
  await press(ravi, run, `${run}/freeze`);
  const refused = await press(susan, run, `${run}/approve`);
  assert.equal(refused.status, 409);
  assert.match(textOf(refused.text), /The run comes to £[\d,.]+\. You may approve up to £1\.00\. Nobody else may approve it/);
  assert.match(await set({ extent: 'any', reason: 'Trained' }), /Susan Oakes any sum/);
  assert.match(textOf((await press(susan, run, `${run}/approve`)).text), /approved/);
  await press(susan, run, `${run}/withdraw`);
});

test('finance says which payment file the bank takes', async () => {
  const [, at] = (await ravi.get('/council/bank-accounts')).text.match(/href="(\/council\/bank-accounts\/[^"]+)"/);
  const set = async (fields) => textOf((await ravi.submit(await ravi.form(at, at), fields)).text);
  assert.match(await set({ profile: 'bacs18', service_user_number: '12345', reason: 'A trial' }), /Enter the 6 digits that Bacs gave you/);
  assert.match(await set({ profile: 'pain.001.001.03', reason: 'Our bank’s guide of 2024' }), /pain\.001\.001\.03/);
});

test('a run goes to the bank and comes back', async (t) => {
  const made = await press(ravi, '/council/runs/new', '/council/runs/new');
  const run = made.text.match(/\/council\/runs\/([2-9A-Z]{4}-[2-9A-Z]{4})/)[1], at = `/council/runs/${run}`;
  await press(ravi, at, `${at}/freeze`);
  await press(susan, at, `${at}/approve`);
  await press(ravi, at, `${at}/emit`);
  const pain = (await ravi.get(`${at}/file`)).text;
  const payments = Number(one(`SELECT payments FROM payments.run WHERE ref = '${run}'`));
  assert.ok(payments > 2, `${payments} payments`);
  assert.match(pain, /pain\.001\.001\.03/);
  const { answer } = bankTakes(pain);

  await t.test('the bank’s answer: the rejected payment is owed again', async () => {
    assert.match(await send('pain.002.xml', answer), /answer to payment run .* 1 payment was rejected\. It is owed again/);
    assert.equal(one(`SELECT state FROM payments.run WHERE ref = '${run}'`), 'acknowledged');
    const [reference, reason] = town.sql(`SELECT p.reference, p.return_reason FROM payments.payment p JOIN payments.run r ON r.id = p.run_id WHERE r.ref = '${run}' AND p.state = 'rejected'`)[0];
    assert.equal(reason, 'There is no such account');
    assert.match(textOf((await ravi.get(`/council/payments/${reference}`)).text), /The bank rejected it: There is no such account/);
    await eventually('the provider is told', async () => one(`SELECT count(*) FROM jobs.mail WHERE subject = 'The bank rejected payment ${reference}'`) === '1');
  });

  await t.test('an answer that rejects nothing says so, and counts what it leaves open', async () => {
    const [message, reference] = town.sql(`SELECT r.message_id, p.reference FROM payments.payment p JOIN payments.run r ON r.id = p.run_id WHERE r.ref = '${run}' AND p.state = 'emitted'`)[0];
    const said = await send('part.xml', `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><OrgnlGrpInfAndSts><OrgnlMsgId>${message}</OrgnlMsgId>
      <GrpSts>PART</GrpSts></OrgnlGrpInfAndSts><TxInfAndSts><OrgnlEndToEndId>${reference}</OrgnlEndToEndId></TxInfAndSts></CstmrPmtStsRpt></Document>`);
    assert.match(said, /answer to payment run .* No payment was rejected\. 1 payment is named without a word on whether the bank took it\./);
    assert.doesNotMatch(said, /stand on a statement/);
  });

  await t.test('its statement settles the rest, and the payment that came back is owed again', async () => {
    assert.match(await send(formats[0], readFileSync(join(bank, formats[0]))), /The statement was read/);
    assert.equal(one(`SELECT state FROM payments.run WHERE ref = '${run}'`), 'settled');
    assert.equal(one(`SELECT string_agg(state || ' ' || n, ', ' ORDER BY state) FROM (SELECT p.state, count(*) AS n FROM payments.payment p JOIN payments.run r ON r.id = p.run_id WHERE r.ref = '${run}' GROUP BY p.state) x`),
      `rejected 1, returned 1, settled ${payments - 2}`);
    assert.equal(one(`SELECT string_agg(DISTINCT a.rule, ' ' ORDER BY a.rule) FROM payments.bank_allocation a JOIN payments.run r ON r.id = a.run_id WHERE r.ref = '${run}'`), 'R1 R5');
  });

  await t.test('the same truth in another format brings nothing new', async () => {
    const before = one('SELECT count(*), sum(amount), sum(allocated) FROM payments.bank_entry');
    for (const name of formats.slice(1)) {
      assert.match(await send(name, readFileSync(join(bank, name))), /booked lines?, 0 of them new/, name);
      assert.equal(one('SELECT count(*), sum(amount), sum(allocated) FROM payments.bank_entry'), before, name);
    }
    assert.deepEqual(readdirSync(bank).filter((f) => /-00002\.csv$/.test(f)), []);
  });

  await t.test('log, ledger and bank are whole', async () => {
    assert.equal(await town.verify(), '');
    assert.equal(one("SELECT count(*) FILTER (WHERE difference <> 0), count(*) > 0 FROM payments.bank_check"), '0 t');
  });
});

test('a line that nobody can be sure of shows its nearest explanations, and one press settles it', async () => {
  const moira = new Client(town), david = new Client(town);
  await moira.signIn('Moira Keane');
  await david.signIn('David Osei');
  const made = await press(moira, '/council/runs/new', '/council/runs/new');
  const run = made.text.match(/\/council\/runs\/([2-9A-Z]{4}-[2-9A-Z]{4})/)[1], at = `/council/runs/${run}`;
  await press(moira, at, `${at}/freeze`);
  await press(david, at, `${at}/approve`);
  await press(moira, at, `${at}/emit`);
  const [reference, name, amount, sort, number, day] = town.sql(`SELECT p.reference, p.payee_name, p.amount, b.sort_code, b.account_number, r.pay_on FROM payments.payment p
    JOIN payments.run r ON r.id = p.run_id JOIN payments.bank_account b ON b.id = r.bank_account_id WHERE r.ref = '${run}' ORDER BY p.id LIMIT 1`)[0];
  const pounds = (Number(amount) / 100).toFixed(2);
  const csv = `Date,Sort Code,Account Number,Counterparty,Reference,Amount,DR/CR,Balance\n${day.replaceAll('-', '')},${sort.replace(/(..)(..)(..)/, '$1-$2-$3')},${number},${name},CARE,${pounds},DR,1000.00\n`;
  const sent = await moira.upload(await moira.form('/council/statements', '/council/statements'), 'file', 'names.csv', csv);
  const said = await eventually('the statement is read', async () => {
    const page = (await moira.get(sent.path)).text;
    return /The statement was read/.test(page) && page;
  });
  const [statement] = said.match(/\/council\/statements\/[2-9A-Z]{4}-[2-9A-Z]{4}/g).filter((p) => !p.includes('/files/'));
  const page = await moira.get(statement);
  assert.match(textOf(page.text), new RegExp(`Payment ${reference} to .* The same name and the same amount\\.`));
  assert.ok(page.text.match(/This is it/g).length >= 1);
  const pressed = await press(moira, statement, /\/explanations\//);
  assert.match(textOf(pressed.text), /A person decided/);
  assert.match(textOf(pressed.text), /Moira Keane: The same name and the same amount\. Chosen from the nearest explanations\./);
  assert.equal(one(`SELECT state FROM payments.payment WHERE reference = '${reference}'`), 'settled');
  assert.equal(await town.verify(), '');
});

test('a CSV of a bank that no list has, and that names no account, is read for the account that was chosen', async () => {
  const [ref, name] = town.sql(`SELECT ref, name FROM payments.bank_account WHERE council_id = 1 AND NOT is_client_money ORDER BY id LIMIT 1`)[0];
  const csv = 'Posted date,Particulars,Money out,Money in,Running balance\n20/11/2026,A GIFT,,3.00,3.00\n21/11/2026,A CHARGE,1.00,,2.00\n';
  assert.match(await send('mute.csv', csv), /Which account\? The file does not say which account it is from\. Nothing was imported from it\. Send it again and choose the account\./);
  const form = await ravi.form('/council/statements', '/council/statements');
  const sent = await ravi.upload({ ...form, fields: { ...form.fields, account: ref } }, 'file', 'mute.csv', csv);
  const said = await eventually('it is read', async () => {
    const page = textOf((await ravi.get(sent.path)).text);
    return !/is being read/.test(page) && page;
  });
  assert.match(said, new RegExp(`${name} 2 booked lines, 2 of them new\\.`));
});

test('expected money is received by its reference, and who is late is reminded', async () => {
  const expect = async (fields) => {
    const form = await ravi.form('/council/income/new', '/council/income/new');
    const page = (await ravi.get('/council/income/new')).text, account = page.match(/<option value="([^"]+)"[^>]*>Eastmere/)[1];
    const answer = await ravi.submit(form, { kind: 'contribution', account, payer: 'Amina Yusuf', email: '', person: '', amount: '52.50', every: 'once', ends_on: '', ...fields });
    assert.match(textOf(answer.text), /Money that is expected/);
  };
  const at = (days) => new Date(Date.now() + days * 864e5);
  const words = (d) => `${d.getUTCDate()} ${d.getUTCMonth() + 1} ${d.getUTCFullYear()}`;
  await expect({ starts_on: words(at(0)) });
  await expect({ payer: 'Tom Ashdown', email: 'tom@town.example', amount: '41', starts_on: words(at(-20)) });
  const [reference, sort, number] = town.sql(`SELECT s.reference, b.sort_code, b.account_number FROM payments.income_series s JOIN payments.bank_account b ON b.id = s.bank_account_id WHERE s.payer_name = 'Amina Yusuf'`)[0];
  const day = at(0).toISOString().slice(0, 10).replaceAll('-', '');
  const csv = `Date,Sort Code,Account Number,Counterparty,Reference,Amount,DR/CR,Balance\n${day},${sort.replace(/(..)(..)(..)/, '$1-$2-$3')},${number},A YUSUF,${reference.slice(0, 6)} ${reference.slice(6)},52.50,CR,900.00\n`;
  await send('contribution.csv', csv);
  assert.equal(one(`SELECT i.received FROM payments.income_item i JOIN payments.income_series s ON s.id = i.series_id WHERE s.reference = '${reference}'`), '5250');
  const page = await ravi.get('/council/income');
  assert.match(textOf(page.text), /Late £86\.00, 2 payments/);
  assert.match(textOf(page.text), /Amina Yusuf MC\w{8} Received/);
  assert.match(textOf((await press(ravi, '/council/income', /\/remind$/)).text), /Reminded once/);
  await eventually('the reminder is written', async () => one("SELECT count(*) FROM jobs.mail WHERE to_email = 'tom@town.example' AND subject = 'A payment has not reached us yet'") === '1');
  assert.equal(await town.verify(), '');
});

test('the life of a payment says what this payee got, not the sum of the run that the bank paid at once', async () => {
  const [reference, amount] = town.sql(`SELECT p.reference, p.amount FROM payments.payment p JOIN payments.run r ON r.council_id = p.council_id AND r.id = p.run_id
    JOIN payments.bank_allocation a ON a.council_id = r.council_id AND a.run_id = r.id WHERE a.kind = 'run' AND p.amount < r.total ORDER BY p.id LIMIT 1`)[0];
  const page = textOf((await ravi.get(`/council/payments/${reference}`)).text);
  assert.match(page, new RegExp(`paid by the bank \\S+ A whole payment run as one debit \\(R1\\) £${(Number(amount) / 100).toFixed(2)} `));
});

test('a financial year that is over is closed once, one that runs is not', async () => {
  town.sql(`BEGIN; SELECT set_config('mc.council', '1', true); INSERT INTO ledger.period (council_id, starts_on, ends_on) VALUES (1, '2020-04-01', '2021-03-31'); COMMIT`);
  const page = await ravi.get('/council/periods');
  assert.equal((page.text.match(/Close this year/g) ?? []).length, 1);
  const at = '/council/periods/2020-04-01/close', form = await ravi.form(at, at);
  assert.match(textOf((await ravi.get(at)).text), /Close the year from 1 April 2020\? .*Closing cannot be undone/);
  assert.match(textOf((await ravi.submit(form)).text), /1 April 2020 to 31 March 2021 Closed .* by Ravi Patel/);
  const running = one("SELECT max(starts_on) FROM ledger.period WHERE council_id = 1 AND state = 'open'");
  const refused = await ravi.post(`/council/periods/${running}/close`, { ...form.fields, key: randomUUID() }, { follow: true });
  assert.match(textOf(refused.text), /closed already, or it is not over yet/);
  for (const gone of [at, `/council/periods/${running}/close`, '/council/periods/soon/close']) assert.equal((await ravi.get(gone)).status, 404);
  assert.equal((await ravi.post('/council/periods/soon/close', { ...form.fields, key: randomUUID() })).status, 404);
});

test('what lies between books and bank is shown line by line, and a month is closed when nothing does', async () => {
  assert.match(textOf((await ravi.get('/council/statements/differences')).text), /ACCOUNT CHARGES Not explained yet -£12\.40 £0\.00 £0\.00/);
  const page = await ravi.get('/council/periods');
  const month = page.text.match(/months\/(\d{4}-\d\d-\d\d)\/close/g).at(-1).slice(7, 17);
  const open = Number(one(`SELECT count(*) FROM payments.bank_entry WHERE council_id = 1 AND allocated <> amount AND booked_on < date '${month}' + interval '1 month'`));
  const at = `/council/periods/months/${month}/close`, answer = textOf((await press(ravi, at, at)).text);
  assert.match(answer, open ? new RegExp(`Bank lines that nothing explains yet: ${open}\\.`) : /Closed .* by Ravi Patel/);
  assert.equal(one(`SELECT count(*) FROM ledger.closed_month WHERE starts_on = '${month}'`), open ? '0' : '1');
  assert.equal(await town.verify(), '');
});

test('finance decides tolerances, with a reason and a history', async () => {
  const at = '/council/tolerances/new', set = async (fields) => textOf((await ravi.submit(await ravi.form(at, at), { measure: 'price', service: 'every', absolute: '', percent: '', starts_on: '', reason: 'Agreed', ...fields })).text);
  assert.match(await set({ absolute: 'a bit', percent: '1' }), /Enter a number, like 0\.05/);
  assert.match(await set({ absolute: '0.20' }), /Enter both, or leave both empty/);
  assert.match(await set({ absolute: '0.20', percent: '1', starts_on: '1 1 2020' }), /must not lie in the past/);
  const waiting = /Price of one unit Every other service £0\.20 or 1% Waits for a second officer Look at it ?, reference \S+ .* by Ravi Patel Agreed/;
  assert.match(await set({ absolute: '0.20', percent: '1' }), waiting);
  const [, look] = (await ravi.get('/council/tolerances')).text.match(/href="(\/council\/tolerances\/[^"/]{9})"/);
  assert.match(textOf((await ravi.get(look)).text), /Now none .*You asked for it\. Somebody else in finance has to agree.*Take it back/);
  assert.equal((await ravi.post(look, { ...(await ravi.form(look, look)).fields, decision: 'agree' })).status, 403, 'nobody agrees with themselves');
  assert.match(textOf((await susan.get('/council')).text), /1 wider tolerance to agree or refuse/);
  assert.equal((await susan.submit(await susan.form(look, look), {})).status, 422);
  const form = await susan.form(look, look);
  assert.match(textOf((await susan.submit(form, { decision: 'agree' })).text), /£0\.20 or 1% In force .* by Ravi Patel, agreed by Susan Oakes Agreed/);
  const decided = await susan.get(look);
  assert.match(textOf(decided.text), /A tolerance .*Agreed by Susan Oakes/);
  assert.ok(!decided.text.includes(`action="${look}"`), 'what is decided waits no more');
  assert.equal((await susan.post(look, { ...form.fields, key: randomUUID(), decision: 'refuse' })).status, 409);
  assert.match(await set({ absolute: '0.10', percent: '1', reason: 'Less' }), /£0\.10 or 1% In force .* by Ravi Patel Less .*£0\.20 or 1% Past/, 'a narrower one holds at once');
  await set({ absolute: '9', percent: '9', reason: 'Much' });
  const [, much] = (await ravi.get('/council/tolerances')).text.match(/href="(\/council\/tolerances\/[^"/]{9})"/);
  assert.match(textOf((await ravi.submit(await ravi.form(much, much))).text), /£9\.00 or 9% Refused or taken back/, 'whoever asked takes it back');
  assert.match((await ravi.get('/council/tolerances.csv')).text, /price,.*£0\.10,1,.*in force,Ravi Patel,.*,Less/);
  assert.equal(one("SELECT string_agg(verb, ' ' ORDER BY id) FROM audit.event WHERE kind = 'tolerance' AND council_id = 1 AND at > now() - interval '1 hour'"),
    'tolerance_asked tolerance_agree tolerance_set tolerance_asked tolerance_refuse');
});

test('an account number that its sort code cannot have is refused when it is entered; who checks it reads that the digits fit', async () => {
  const olivia = new Client(town), at = '/provider/bank';
  await olivia.signIn('Olivia Stone');
  const enter = async (sort_code, account_number) =>
    textOf((await olivia.submit(await olivia.form(at, at), { account_name: 'Hearth and Home Care', sort_code, account_number, vat_profile: 'exempt', vat_number: '' })).text);
  assert.match(await enter('99-00-00', '12345678'), /No account at this sort code has this number\. Check both/);
  const checks = () => town.sql(`SELECT account_check FROM payments.provider_account WHERE account_number IN ('12345672', '12345678') ORDER BY id`).flat();
  assert.deepEqual(checks(), []);
  await enter('99-00-00', '12345672');
  const [, path] = (await susan.get('/council/bank-details')).text.match(/href="(\/council\/bank-details\/[^"]+)"[^>]*>Check/);
  assert.match(textOf((await susan.get(path)).text), /An account at this sort code can have this number/);
  await enter('98-00-00', '12345678');
  assert.deepEqual(checks(), ['passed', 'unchecked']);
});

test('a statement of several pieces is read as one, or refused as one', async () => {
  town.sql("INSERT INTO payments.bank_account (council_id, ref, name, sort_code, account_number) VALUES (1, 'PIECES', 'Many lines', '600000', '11223344')");
  const lines = 4500, csv = (last) => `Date,Sort Code,Account Number,Counterparty,Reference,Amount,DR/CR,Balance\n${Array.from({ length: lines }, (_, i) =>
    `20261120,60-00-00,11223344,GIVER ${i},GIFT ${i % 7},${i === lines - 1 ? last : '0.01'},CR,${((i + 1) / 100).toFixed(2)}\n`).join('')}`;
  const there = () => one(`SELECT count(*), coalesce(sum(e.amount), 0), count(DISTINCT e.counterparty_name), max(e.ordinal) FROM payments.bank_entry e JOIN payments.bank_account b ON b.id = e.bank_account_id AND b.ref = 'PIECES'`);
  const staged = () => one('SELECT count(*) FROM payments.statement_piece');
  // The first pieces were staged before the last line proved to be no amount of money.
  assert.match(await send('thousandths.csv', csv('0.0111')), /The amount "0\.0111" is not in pounds and pence/);
  assert.equal(`${there()}; ${staged()}`, '0 0 0 ; 0');
  assert.match(await send('pieces.csv', csv('0.01')), /4,?500 booked lines, 4,?500 of them new/);
  assert.equal(there(), '4500 4500 4500 4500'); // one day, one amount, no reference of the bank's: each its place among its equals
  assert.equal(one("SELECT balance, entries FROM payments.statement s JOIN payments.bank_account b ON b.id = s.bank_account_id AND b.ref = 'PIECES'"), 'balances 4500');
  assert.match(await send('pieces again.csv', csv('0.01')), /4,?500 booked lines, 0 of them new/);
  assert.equal(`${there()}; ${staged()}`, '4500 4500 4500 4500; 0');
});
