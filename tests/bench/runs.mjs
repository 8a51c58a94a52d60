// A payment run of RUN_LINES (50000) payments, as the people in finance make one on the pages, while other people order. Says how long each step takes, and how
// long orders of people with budgets of their own take idle and during each step, in the same run. Times are said and never judged; the books are.
// RUN_LINES=50000 IDLE_SECONDS=20. PostgreSQL keeps its default durability.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '../e2e/harness.mjs';
import { Load } from '../drill/load.mjs';
import { Town, drill, quantile, root, sleep } from '../drill/town.mjs';

const lines = Number(process.env.RUN_LINES || 50000), idle = Number(process.env.IDLE_SECONDS || 20);
const town = new Town('bench-runs', { people: 400, settings: ['queue=1000', 'deadline_ms=30000'] });
const finance = `SELECT set_config('mc.council', '1', false), set_config('mc.account', account_id::text, false), set_config('mc.hat', id::text, false), set_config('mc.role', role, false)
  FROM identity.hat WHERE council_id = 1 AND role = 'finance' ORDER BY id LIMIT 1;`;

// Four people who order, think for a moment and order again, for as long as the act takes.
async function during(what, act) {
  const load = new Load(town, { clients: 4, pace: 100, wait: 30_000 });
  load.start();
  const started = Date.now(), answer = await act(), seconds = (Date.now() - started) / 1000;
  await load.stop();
  load.close();
  const [p50, p99] = [0.5, 0.99].map((q) => `${quantile(load.times, q)} ms`.padStart(8));
  console.log(`${what.padEnd(34)} ${seconds.toFixed(1).padStart(6)} s   orders ${String(load.times.length).padStart(5)}  p50 ${p50}  p99 ${p99}  slowest ${load.slowest} ms`);
  return { answer, unanswered: load.intents.size - load.times.length };
}

await drill(town, async (report) => {
  town.sql(`${finance}\n\\set payees ${lines}\n${readFileSync(join(root, 'tests/sql/payees.psql'), 'utf8')}\nVACUUM ANALYZE`);
  await town.startServer();
  const people = {};
  for (const name of ['Ravi Patel', 'Susan Oakes']) {
    people[name] = new Client({ url: `http://localhost:${town.port}` });
    await people[name].signIn(name);
  }
  const press = async (name, what, path, action) => {
    const form = await people[name].form(path, action);
    const { answer, unanswered } = await during(what, () => people[name].submit(form, {}, { follow: false }));
    report.fact(answer.status === 303 && unanswered === 0, `${what}: ${answer.status}, ${unanswered} orders without a clear answer`);
    return answer.location;
  };
  const look = (what, path) => during(what, () => people['Ravi Patel'].get(path));

  await during('nothing else', () => sleep(idle * 1000));
  await look('the page of what would be paid', '/council/runs/new');
  const first = await press('Ravi Patel', 'put together', '/council/runs/new', '/council/runs/new');
  await press('Ravi Patel', 'take apart', first, `${first}/withdraw`);
  const run = await press('Ravi Patel', 'put together again', '/council/runs/new', '/council/runs/new');
  await press('Ravi Patel', 'freeze', run, `${run}/freeze`);
  await press('Susan Oakes', 'approve', run, `${run}/approve`);
  await press('Ravi Patel', 'make the payment file', run, `${run}/emit`);
  await look('the page of the run', run);
  await look('the payments as CSV', `${run}.csv`);
  await during('nothing else, again', () => sleep(idle * 1000));

  const [state, payments, due] = town.sql(`${finance} SELECT concat_ws(' ', state, payments, (SELECT count(*) FROM jobs.outbox WHERE done_at IS NULL AND not_before <= now()))
    FROM payments.run ORDER BY id DESC LIMIT 1`).split('\n').at(-1).split(' ');
  report.fact(state === 'emitted' && Number(payments) >= lines * 0.999, `the run of ${payments} payments is ${state}; ${due} letters are due and wait`);
  const verified = town.verify();
  report.fact(verified.clean, `marketcross verify: ${verified.said.trim().split('\n').slice(0, 5).join(' / ')}`);
});
