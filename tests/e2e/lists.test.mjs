// A list as a file is the whole list, whatever a page of it shows.
//   node --test tests/e2e/lists.test.mjs
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, Town } from './harness.mjs';

let town, auditor;

before(async () => {
  town = await Town.open();
  await town.serve();
  auditor = new Client(town);
  await auditor.signIn(town.sql(`SELECT a.name FROM identity.hat h JOIN identity.account a ON a.id = h.account_id WHERE h.role = 'auditor' AND h.council_id = 1 LIMIT 1`)[0][0]);
});
after(() => town?.close());

const rowsOf = (csv) => csv.trim().split('\r\n').length - 1;

test('the audit log as CSV holds every record, a page of it a hundred, and so does a page as JSON', async () => {
  const all = Number(town.sql('SELECT count(*) FROM audit.event WHERE council_id = 1')[0][0]);
  assert.ok(all > 100, `${all} records are more than a page`);
  const csv = await auditor.get('/council/audit.csv');
  assert.equal(csv.status, 200);
  assert.match(csv.headers.get('content-disposition'), /filename="[a-z-]+\.csv"/);
  assert.ok(rowsOf(csv.text) >= all, `${rowsOf(csv.text)} of ${all} records`);
  assert.equal(JSON.parse((await auditor.get('/council/audit.json')).text).length, 100);
  assert.equal((await auditor.get('/council/audit')).text.match(/<tr class="govuk-table__row"/g).length - 1, 100);
});

test('a page after the first, as CSV, has nothing left to give', async () => {
  assert.equal(rowsOf((await auditor.get('/council/audit.csv?page=2')).text), 0);
});

test('a file that is cut says so in its name', async () => {
  town.sql(`CREATE OR REPLACE FUNCTION mc.list_most(p_page int) RETURNS int LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN current_setting('mc.list', true) = 'whole' THEN 120 ELSE p_page END $$`);
  const csv = await auditor.get('/council/audit.csv');
  assert.match(csv.headers.get('content-disposition'), /-only-120-rows\.csv"/);
  assert.equal(rowsOf(csv.text), 120);
  assert.equal(rowsOf((await auditor.get('/council/audit.csv?page=2')).text) > 0, true);
});
