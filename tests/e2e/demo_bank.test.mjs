// The demonstration town's own bank: a run that is sent comes back as a statement, which follows the one before and settles the run.
//   node --test tests/e2e/demo_bank.test.mjs
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client, Town, eventually, root, textOf } from './harness.mjs';

let town, bank;
before(async () => {
  execFileSync('make', ['--no-print-directory', 'build/release/tests/fakebank'], { cwd: root });
  town = await Town.open();
  await town.serve();
});
after(async () => {
  bank?.kill('SIGTERM');
  await town?.close();
});

test('a run sent today comes back as a statement', async () => {
  const ravi = new Client(town), susan = new Client(town);
  await ravi.signIn('Ravi Patel');
  await susan.signIn('Susan Oakes');
  const press = async (who, path, action) => who.submit(await who.form(path, action));
  const ref = (await press(ravi, '/council/runs/new', '/council/runs/new')).text.match(/\/council\/runs\/([2-9A-Z]{4}-[2-9A-Z]{4})/)[1], run = `/council/runs/${ref}`;
  for (const [who, act] of [[ravi, 'freeze'], [susan, 'approve'], [ravi, 'emit']]) await press(who, run, `${run}/${act}`);
  bank = spawn(join(root, 'config/demo_bank.sh'), [town.socket, join(town.dir, 'bank')], { env: { ...process.env, MC_BANK_SECONDS: '0' }, stdio: ['ignore', 'ignore', 'inherit'] });
  await eventually('the run is settled', () => town.sql(`SELECT 1 FROM payments.run WHERE ref = '${ref}' AND state = 'settled'`)[0], 60);
  const [statement, follows, balance, message] = town.sql(`SELECT s.ref, s.follows, s.balance, s.statement_id = r.message_id FROM payments.statement s JOIN jobs.file f ON f.ref = s.file_ref, payments.run r
    WHERE f.name = 'bank-${ref}.xml' AND r.ref = '${ref}'`)[0];
  assert.deepEqual([follows, balance, message], ['yes', 'balances', 't']);
  assert.match(textOf((await ravi.get(`/council/statements/${statement}`)).text), /A whole payment run as one debit \(R1\)/);
  assert.match(textOf((await ravi.get('/council/statements')).text), /Books and bank agree/);
  assert.equal(town.sql(`SELECT count(*) FROM jobs.file WHERE name LIKE 'bank-%'`)[0][0], '1');
  assert.equal(await town.verify(), '');
});
