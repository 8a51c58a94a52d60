// A run as records in the style of Bacs Standard 18: written, taken by the simulated bank, settled by the statement that comes back.
//   node --test tests/e2e/bacs.test.mjs
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client, Town, eventually, root, textOf } from './harness.mjs';

let town, ravi, susan;
before(async () => {
  execFileSync('make', ['--no-print-directory', 'build/release/tests/fakebank'], { cwd: root });
  town = await Town.open();
  await town.serve();
  [ravi, susan] = [new Client(town), new Client(town)];
  await ravi.signIn('Ravi Patel');
  await susan.signIn('Susan Oakes');
});
after(() => town?.close());

const press = async (who, path, action) => who.submit(await who.form(path, action));

test('a run leaves as Bacs records and is settled by the debit that names it', async () => {
  const [, at] = (await ravi.get('/council/bank-accounts')).text.match(/href="(\/council\/bank-accounts\/[^"]+)"/);
  assert.match(textOf((await ravi.submit(await ravi.form(at, at), { profile: 'bacs18', service_user_number: '123456', reason: 'Our bank takes it' })).text), /Bacs Standard 18 Service user 123456/);
  const ref = (await press(ravi, '/council/runs/new', '/council/runs/new')).text.match(/\/council\/runs\/([2-9A-Z]{4}-[2-9A-Z]{4})/)[1], run = `/council/runs/${ref}`;
  for (const [who, act] of [[ravi, 'freeze'], [susan, 'approve'], [ravi, 'emit']]) await press(who, run, `${run}/${act}`);
  const page = textOf((await ravi.get(run)).text), file = await ravi.get(`${run}/file`);
  assert.match(page, /Download the Bacs Standard 18 file .* No differences\./);
  assert.match(file.headers.get('content-type'), /^text\/plain/);
  assert.match(file.headers.get('content-disposition'), /run-[^"]+\.txt/);
  const bank = join(town.dir, 'bank'), paper = join(bank, 'run.txt');
  mkdirSync(bank);
  writeFileSync(paper, file.text);
  execFileSync(join(root, 'build/release/tests/fakebank'), ['pain', '7', paper, bank]); // its dice send nothing back
  const sent = await ravi.upload(await ravi.form('/council/statements', '/council/statements'), 'file', 'bacs.sta', readFileSync(join(bank, 'mt940.sta')));
  await eventually('the statement is read', async () => /The statement was read/.test(textOf((await ravi.get(sent.path)).text)));
  await eventually('the run is settled', () => town.sql(`SELECT 1 FROM payments.run WHERE ref = '${ref}' AND state = 'settled'`)[0]);
  assert.deepEqual(town.sql(`SELECT DISTINCT a.rule, p.state FROM payments.bank_allocation a JOIN payments.run r ON r.id = a.run_id JOIN payments.payment p ON p.run_id = r.id WHERE r.ref = '${ref}'`), [['R1', 'settled']]);
  assert.equal(await town.verify(), '');
});
