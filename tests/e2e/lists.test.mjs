// A list as a file is the whole list, whatever a page of it shows.
//   node --test tests/e2e/lists.test.mjs
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client, Town, root, textOf } from './harness.mjs';

let town, auditor;

before(async () => {
  town = await Town.open();
  await town.serve();
  auditor = new Client(town);
  await auditor.signIn(town.sql(`SELECT a.name FROM identity.hat h JOIN identity.account a ON a.id = h.account_id WHERE h.role = 'auditor' AND h.council_id = 1 LIMIT 1`)[0][0]);
});
after(() => town?.close());

const rowsOf = (csv) => csv.trim().split('\r\n').length - 1;

test('the audit log as CSV holds every record once, newest first, however many they are, and from the words and days that were asked for', async () => {
  town.sql(`SELECT set_config('mc.council', '1', false);
    INSERT INTO audit.event (council_id, verb, kind, ref, at) SELECT 1, 'drill', 'long', 'LONG-' || n, now() - interval '400 days' FROM generate_series(1, 12000) n`);
  const wanted = town.sql('SELECT ref FROM audit.event WHERE council_id = 1 ORDER BY id DESC').map(([ref]) => ref ?? '');
  const csv = await auditor.get('/council/audit.csv'), [head, ...lines] = csv.text.trim().split('\r\n').map((l) => l.split(','));
  assert.equal(csv.status, 200);
  assert.match(csv.headers.get('content-disposition'), /filename="audit\.csv"/);
  const refs = lines.map((l) => l[head.indexOf('ref')]);
  // Signing in and looking are events too.
  assert.deepEqual(refs.slice(-wanted.length), wanted);
  assert.ok(!head.includes('id'));
  assert.equal(rowsOf((await auditor.get('/council/audit.csv?page=2')).text) >= wanted.length, true, 'a file has no pages');
  assert.equal(rowsOf((await auditor.get('/council/audit.csv?q=LONG-77')).text), 1);
  const day = town.sql(`SELECT to_char((SELECT at FROM audit.event WHERE ref = 'LONG-1') AT TIME ZONE 'Europe/London', 'FMDD+FMMM+YYYY')`)[0][0];
  assert.equal(rowsOf((await auditor.get(`/council/audit.csv?from_on=${day}&to_on=${day}`)).text), 12000);
});

// The plan of a named query as the server asks it: by the role of the web, for council 1.
const planOf = (query, role, types, values, more = '') => town.sql(`SET ROLE mc_web; SELECT set_config('mc.council', '1', false), set_config('mc.role', '${role}', false); ${more};
  PREPARE asked ${types} AS ${readFileSync(join(root, `sql/queries/payments/${query}.sql`), 'utf8').replaceAll(/^--.*$/gm, '')}; EXPLAIN EXECUTE asked ${values}`).join('\n');

test('a page of the audit log, or a part of the file, reads no more of it than it shows', () => {
  town.sql('ANALYZE audit.event');
  const plan = planOf('audit_search', 'auditor', '(text, date, date, int, bigint)', `('', NULL, NULL, 1, 5000)`, 'SET plan_cache_mode = force_generic_plan');
  assert.match(plan, /Index Scan Backward using event_pkey.*\n.*Index Cond: .*\(id < \$/);
});

test('what an officer sees first does not grow with the invoices that were ever paid', () => {
  assert.match(planOf('officer_home', 'finance', '', '', 'SET enable_seqscan = off'), /using invoice_unsettled on invoice/);
  assert.match(planOf('touchless_rate', 'finance', '(date, date)', '(NULL, NULL)', 'SET enable_seqscan = off'), /using invoice_received on invoice.*\n.*Index Cond: .*received_at >= /);
  assert.match(planOf('invoice_list', 'finance', '(text, int, bigint)', '(NULL, 1, NULL)', 'SET enable_seqscan = off; SET enable_sort = off'), /using invoice_received on invoice/);
  assert.match(planOf('invoice_list', 'finance', '(text, int, bigint)', '(NULL, 1, 7)', 'SET enable_seqscan = off; SET enable_sort = off'), /using invoice_received on invoice.*\n.*Index Cond: .*ROW\(i?\.?received_at, i?\.?id\) > /);
});

test('the steps that a pound took come in one order, however they are read', () => {
  const order = readFileSync(join(root, 'sql/queries/payments/pound_trail.sql'), 'utf8').match(/ORDER BY (.*) LIMIT/)[1].replaceAll(' NULLS FIRST', '');
  assert.deepEqual(town.sql(`SET mc.council = '1'; SELECT s.step, s.ref FROM payments.pound_step s GROUP BY s.step, s.person_id, ${order}
    HAVING count(DISTINCT (s.amount, coalesce(s.outcome, ''), coalesce(s.detail, ''))) > 1`), []);
});

test('a page of the audit log is a hundred, and so it is as JSON', async () => {
  assert.equal(JSON.parse((await auditor.get('/council/audit.json')).text).length, 100);
  assert.equal((await auditor.get('/council/audit')).text.match(/<tr class="govuk-table__row"/g).length - 1, 100);
});

test('a run of many payments, and what it would pay before, are shown a page at a time', async () => {
  town.sql(`SELECT set_config('mc.council', '1', false), set_config('mc.account', account_id::text, false), set_config('mc.role', role, false) FROM identity.hat WHERE council_id = 1 AND role = 'finance' LIMIT 1;
    ${readFileSync(join(root, 'tests/sql/payees.psql'), 'utf8').replaceAll(':payees', '120').replaceAll('\\g /dev/null', ';')}
    UPDATE payments.provider_account SET state = 'stopped', stopped_reason = 'a call' WHERE council_id = 1 AND organisation_id = (SELECT max(id) FROM identity.organisation)`);
  const ravi = new Client(town);
  await ravi.signIn('Ravi Patel');
  const rows = (page) => page.text.match(/<tr class="govuk-table__row"><td/g).length;
  const next = await ravi.get('/council/runs/new'), said = textOf(next.text).match(/(\d+) payments, £[\d,.]+ in all/)[1];
  assert.equal(rows(next), 50);
  assert.match(textOf(next.text), /Left out.*The bank details were stopped: a call/);
  assert.match(textOf((await ravi.get('/council/runs/new?page=2')).text), new RegExp(`${said} payments`));
  assert.equal(rowsOf((await ravi.get('/council/runs/new.csv')).text), Number(said) + 1);
  const run = await ravi.submit(await ravi.form('/council/runs/new', '/council/runs/new'));
  const [, path] = run.text.match(/(\/council\/runs\/[2-9A-Z]{4}-[2-9A-Z]{4})\.csv/);
  const names = [];
  for (let page = 1; page; page = Number((await ravi.get(`${path}?page=${page}`)).text.match(/\?page=(\d+)" rel="next"/)?.[1] ?? 0))
    names.push(...[...(await ravi.get(`${path}?page=${page}`)).text.matchAll(/data-label="To">([^<]+)/g)].map((m) => m[1]));
  assert.equal(names.length, Number(said));
  const second = (await ravi.get(`${path}?state=a%26b&page=2`)).text;
  assert.match(second, /<title>Payment run [^<]* \(page 2\) – /);
  assert.ok(second.includes(`href="${path}?state=a%26b" rel="prev"`), 'back to the first, with the rest of the address kept');
  assert.ok(second.includes(`href="${path}?state=a%26b&amp;page=3" rel="next"`));
  const first = (await ravi.get(path)).text;
  assert.doesNotMatch(first, /rel="prev"|\(page /);
  assert.equal(new Set(names).size, Number(said));
  assert.equal(rowsOf((await ravi.get(`${path}.csv`)).text), Number(said));
});

test('a statement of many lines shows those that nothing explains first, a page at a time, each of which can be put aside', async () => {
  const [statement] = town.sql(`SELECT s.ref FROM payments.statement s JOIN payments.bank_entry e ON e.statement_id = s.id WHERE s.council_id = 1 AND e.allocated <> e.amount LIMIT 1`)[0], at = `/council/statements/${statement}`;
  town.sql(`INSERT INTO payments.bank_entry (council_id, ref, bank_account_id, statement_id, booked_on, value_on, amount, remittance, bank_ref, ordinal)
    SELECT e.council_id, mc.new_ref(), e.bank_account_id, e.statement_id, e.booked_on, e.value_on, e.amount, 'STRANGE ' || n, 'BANK' || n, 1 FROM payments.bank_entry e, generate_series(1, 120) n
     WHERE e.id = (SELECT min(x.id) FROM payments.bank_entry x JOIN payments.statement s ON s.id = x.statement_id WHERE s.ref = '${statement}' AND x.allocated <> x.amount)`);
  const ravi = new Client(town);
  await ravi.signIn('Ravi Patel');
  const open = Number(town.sql(`SELECT count(*) FROM payments.bank_entry e JOIN payments.statement s ON s.id = e.statement_id WHERE s.ref = '${statement}' AND e.allocated <> e.amount`)[0][0]);
  const cards = [];
  for (let page = 1; page; page = Number((await ravi.get(`${at}?page=${page}`)).text.match(/\?page=(\d+)" rel="next"/)?.[1] ?? 0)) {
    const text = (await ravi.get(`${at}?page=${page}`)).text;
    assert.ok(text.match(/<tr class="govuk-table__row"><td/g).length <= 50);
    assert.equal(/Not explained yet/.test(text), text.includes('/aside"'), 'no heading without lines');
    cards.push(...[...text.matchAll(/href="([^"]+\/aside)"/g)].map((m) => m[1]));
  }
  assert.equal(new Set(cards).size, open);
  assert.equal(rowsOf((await ravi.get(`${at}.csv`)).text), Number(town.sql(`SELECT count(*) FROM payments.bank_entry e JOIN payments.statement s ON s.id = e.statement_id WHERE s.ref = '${statement}'`)[0][0]));
  assert.match(textOf((await ravi.get(cards.at(-1))).text), /Put this bank line aside\? .*STRANGE/);
});

test('invoices, bank lines and published payments as CSV hold every row once, in their order, however many they are', async () => {
  const ravi = new Client(town);
  await ravi.signIn('Ravi Patel');
  const [statement] = town.sql(`SELECT s.ref FROM payments.statement s JOIN payments.bank_entry e ON e.statement_id = s.id WHERE s.council_id = 1 GROUP BY s.ref ORDER BY count(*) DESC LIMIT 1`)[0];
  town.sql(`SET session_replication_role = replica;
    INSERT INTO payments.invoice (council_id, ref, organisation_id, kind, number, number_normal, issue_on, due_on, currency, net, tax, gross, state, ruleset, verdict, received_at)
    SELECT 1, mc.new_ref(), (SELECT min(organisation_id) FROM payments.invoice), 'invoice', 'L' || n, 'L' || n, ledger.today(), ledger.today(), 'GBP', 1, 0, 1, 'rejected', 'none', '{}', now() - n % 2 * interval '1 day'
      FROM generate_series(1, 11000) n;
    INSERT INTO payments.bank_entry (council_id, ref, bank_account_id, statement_id, booked_on, value_on, amount, allocated, remittance, bank_ref, ordinal)
    SELECT s.council_id, mc.new_ref(), s.bank_account_id, s.id, ledger.today(), ledger.today(), 5, n % 2 * 5, '', 'LONG' || n, 1 FROM payments.statement s, generate_series(1, 11000) n WHERE s.ref = '${statement}';
    INSERT INTO payments.payment (council_id, ref, reference, run_id, organisation_id, provider_account_id, payee_name, payee_sort_code, payee_account, amount, state, settled_on)
    SELECT 1, n.ref, 'MC' || replace(n.ref, '-', ''), -n.at, a.organisation_id, a.id, '', '', '', 60000, 'settled', ledger.today() - n.at % 300
      FROM (SELECT at, mc.new_ref() AS ref FROM generate_series(1, 11000) at) n, (SELECT min(id) AS id, min(organisation_id) AS organisation_id FROM payments.provider_account WHERE council_id = 1) a`);
  const whole = async (path, column, query) => {
    const csv = await ravi.get(path), [head, ...lines] = csv.text.trim().split('\r\n').map((l) => l.split(','));
    assert.doesNotMatch(csv.headers.get('content-disposition'), /-only-/);
    assert.equal(head.includes('id'), false);
    assert.deepEqual(lines.map((l) => l[head.indexOf(column)]), town.sql(query).flat());
    assert.ok(lines.length > 10000);
  };
  await whole('/council/invoices.csv', 'ref', 'SELECT ref FROM payments.invoice WHERE council_id = 1 ORDER BY received_at, id');
  await whole('/council/invoices.csv?state=rejected&page=2', 'ref', `SELECT ref FROM payments.invoice WHERE council_id = 1 AND state = 'rejected' ORDER BY received_at, id`);
  await whole(`/council/statements/${statement}.csv`, 'ref', `SELECT e.ref FROM payments.bank_entry e JOIN payments.statement s ON s.id = e.statement_id WHERE s.ref = '${statement}' ORDER BY e.id`);
  await whole('/council/spend.csv', 'amount', `SELECT round(amount / 100.0, 2) FROM payments.payment WHERE council_id = 1 AND state = 'settled' AND amount > 50000 AND settled_on > ledger.today() - 366 ORDER BY settled_on, id`);
});

test('a file that is cut says so in its name', async () => {
  const ravi = new Client(town);
  await ravi.signIn('Ravi Patel');
  const [run] = town.sql(`SELECT r.ref FROM payments.run r JOIN payments.payment p ON p.run_id = r.id WHERE r.council_id = 1 GROUP BY r.ref ORDER BY count(*) DESC LIMIT 1`)[0];
  town.sql(`CREATE OR REPLACE FUNCTION mc.list_most(p_page int) RETURNS int LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN current_setting('mc.list', true) = 'whole' THEN 100 ELSE p_page END $$`);
  const csv = await ravi.get(`/council/runs/${run}.csv`);
  assert.match(csv.headers.get('content-disposition'), /-only-100-rows\.csv"/);
  assert.equal(rowsOf(csv.text), 100);
  assert.equal(rowsOf((await ravi.get(`/council/runs/${run}.csv?page=2`)).text) > 0, true);
});
