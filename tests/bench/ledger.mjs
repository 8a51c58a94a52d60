// The ledger of a council-year of LEDGER_ROWS (1000000) entries, taken along as CSV by an auditor: time to the first byte and to the last, beside psql's COPY of the
// same query to a file, and what the workers' memory comes to. Times are said and never judged.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '../e2e/harness.mjs';
import { Town, drill, root } from '../drill/town.mjs';

const rows = Number(process.env.LEDGER_ROWS || 1_000_000);
const town = new Town('bench-ledger', { people: 4 });
const run = promisify(execFile);
const officer = (role) => `SELECT set_config('mc.council', '1', false), set_config('mc.account', account_id::text, false), set_config('mc.role', role, false) FROM identity.hat WHERE council_id = 1 AND role = '${role}' LIMIT 1;`;
const rss = () => Math.max(...town.workers().map((pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024)).toFixed(1);

await drill(town, async (report) => {
  for (let from = 0; from < rows / 2; from += 50_000)
    town.sql(`SET synchronous_commit = off; ${officer('finance')} SELECT ledger.post_pairs(ARRAY(SELECT ROW(ledger.key('long ' || n), 'rounding', 'LONG-' || n, ledger.account_open('suspense', 'LONG'), ledger.account_open('rounding', 'LONG'), n, NULL)::ledger.pair
      FROM generate_series(${from} + 1, least(${from} + 50000, ${rows / 2})) n)) IS NULL`);
  town.sql('VACUUM ANALYZE');
  const year = town.sql('SELECT starts_on FROM ledger.period WHERE council_id = 1 ORDER BY starts_on DESC LIMIT 1');
  await town.startServer();
  const auditor = new Client({ url: `http://localhost:${town.port}` });
  await auditor.signIn(town.sql(`SELECT a.name FROM identity.hat h JOIN identity.account a ON a.id = h.account_id WHERE h.role = 'auditor' AND h.council_id = 1 LIMIT 1`));
  const before = rss(), file = join(town.dir, 'ledger.csv'), cookie = [...auditor.jar].map(([k, v]) => `${k}=${v}`).join('; ');
  const { stdout } = await run('curl', ['-sS', '-o', file, '-w', '%{time_starttransfer} %{time_total}', '-H', `Cookie: ${cookie}`, `http://localhost:${town.port}/council/periods/${year}/ledger/entries.csv`]);
  const [first, all] = stdout.split(' ').map(Number), after = rss();
  const query = readFileSync(join(root, 'sql/queries/payments/ledger_part.sql'), 'utf8').replace('$1::text', `'${year}'::text`).replace('$2::bigint', '0').replace('LIMIT 5000', '');
  const started = Date.now();
  town.sql(`${officer('auditor')} COPY (${query}) TO '/dev/null' WITH (FORMAT csv)`);
  const copied = (Date.now() - started) / 1000;
  const lines = Number((await run('wc', ['-l', file])).stdout.split(' ')[0]) - 1;
  const wanted = Number(town.sql(`SELECT count(*) FROM ledger.journal j JOIN ledger.period p ON p.id = j.period_id JOIN ledger.entry e ON (e.council_id, e.journal_id) = (j.council_id, j.id) WHERE j.council_id = 1 AND p.starts_on = '${year}'`));
  console.log(`${lines} entries, ${(statSync(file).size / 1e6).toFixed(0)} MB: first byte after ${first.toFixed(2)} s, last after ${all.toFixed(1)} s; COPY of the query in one go ${copied.toFixed(1)} s; a worker ${before} MB before, ${after} MB after`);
  report.fact(lines === wanted, `all ${wanted} entries are in the file`);
});
