// What officers open every day, in the demonstration town and again when it has INVOICES (300000) invoices that were paid in the years before and as many records in
// its log: median of the milliseconds. Rows are copies, made past the functions that would check them.
import { Client } from '../e2e/harness.mjs';
import { Town, drill } from '../drill/town.mjs';

const invoices = Number(process.env.INVOICES || 300_000), times = 15;
const pages = { finance: ['/council', '/council/invoices', '/council/invoices?page=20', '/council/invoices?state=overdue', '/council/exceptions', '/council/runs/new'],
  auditor: ['/council/audit', '/council/audit?page=20', '/council/audit?q=Amina'] };
const town = new Town('bench-years', { people: 4 });
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const signedIn = {};

async function look(page, role) {
  const list = [];
  for (let n = 0; n < times; n++) {
    const from = performance.now(), { status } = await signedIn[role].get(page);
    if (status !== 200) throw new Error(`${page} answered ${status}`);
    list.push(performance.now() - from);
  }
  return median(list);
}

// Copies of the rows of a table that `chosen` picks; `fresh` gives what must differ, in terms of the copy's number n and the row s.
function copy(table, chosen, fresh, many) {
  const columns = town.sql(`SELECT attname FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`).split('\n');
  town.sql(`SET session_replication_role = replica; SET synchronous_commit = off;
    CREATE TEMP TABLE s AS SELECT row_number() OVER (ORDER BY id) - 1 AS k, x.* FROM ${table} x WHERE council_id = 1 AND ${chosen};
    INSERT INTO ${table} (${columns}) OVERRIDING SYSTEM VALUE
    SELECT ${columns.map((c) => fresh[c] ?? `s.${c}`)} FROM generate_series(1, ${many}) AS n JOIN s ON s.k = n % (SELECT count(*) FROM s)`);
}

await drill(town, async () => {
  await town.startServer();
  for (const role of Object.keys(pages)) {
    signedIn[role] = new Client({ url: `http://localhost:${town.port}` });
    await signedIn[role].signIn(town.sql(`SELECT a.name FROM identity.hat h JOIN identity.account a ON a.id = h.account_id WHERE h.role = '${role}' AND h.council_id = 1 ORDER BY h.id LIMIT 1`));
  }
  const all = Object.entries(pages).flatMap(([role, list]) => list.map((page) => [page, role])), before = [];
  for (const [page, role] of all.filter(([page]) => !page.includes('page='))) before[page] = await look(page, role);
  copy('payments.invoice', `state = 'paid'`, { id: '10000000 + n', ref: 'mc.new_ref()', number: `'OLD-' || n`, number_normal: `'OLD' || n`, received_at: `s.received_at - n * interval '5 minutes'` }, invoices);
  copy('audit.event', 'true', { id: '10000000 + n' }, invoices);
  town.sql('VACUUM ANALYZE');
  for (const [page, role] of all) console.log(page.padEnd(36), (before[page]?.toFixed(1) ?? '').padStart(8), (await look(page, role)).toFixed(1).padStart(8), 'ms');
});
