// The jobs process killed before and after each of its messages to the database, while it reads two bank statements (MT940 or camt, in several pieces, and CSV), matches their lines
// with money that is expected, reads a broken file and the bank's answer to a payment run, writes mail and seals the log. At every EVERY-th (11) of these places
// PostgreSQL is killed too, with the jobs process alive. Afterwards it is run again, as the supervisor would: everything is there once. Before all that
// PostgreSQL is killed while a payment run is emitted, until the same request has said that it is. FAULT=call: the system calls of the jobs process fail
// instead, every STEP-th of them in a round of its own.
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Town, drill, program, root, until, sleep, kill } from './town.mjs';
import { Orders, shim } from './victim.mjs';

const kind = process.env.FAULT || 'send', step = Number(process.env.STEP || 1), every = Number(process.env.EVERY || 11);
const town = new Town(`drill-jobs-${kind}`, { people: 1 });

const run = (env) => {
  let child;
  const ended = new Promise((done) => {
    child = execFile(program, ['jobs', '--once', '--database', town.conninfo('mc_jobs')], { cwd: root, env: { ...process.env, ...env }, timeout: 30_000 },
      (error, out, err) => done({ signal: error?.signal, code: error?.code ?? 0, err }));
  });
  return Object.assign(ended, { child });
};

// A payment run of everything that waits, approved as officers would: the bank answers it again and again, and rejects its first payment.
function approve() {
  return town.sql(`BEGIN;
    CREATE FUNCTION pg_temp.as_officer(p_nth int) RETURNS void LANGUAGE sql AS $$
      SELECT set_config('mc.council', '1', true), set_config('mc.account', account_id::text, true), set_config('mc.hat', id::text, true), set_config('mc.role', role, true)
        FROM identity.hat WHERE council_id = 1 AND role = 'finance' ORDER BY id LIMIT 1 OFFSET p_nth $$;
    SELECT pg_temp.as_officer(0) \\g /dev/null
    SELECT jsonb_build_object('run', payments.run_assemble(gen_random_uuid(), '{}')->>'ref') AS run \\gset
    SELECT payments.run_freeze(gen_random_uuid(), :'run') \\g /dev/null
    SELECT pg_temp.as_officer(1) \\g /dev/null
    SELECT payments.run_approve(gen_random_uuid(), :'run') \\g /dev/null
    SELECT :'run'::jsonb->>'run';
    COMMIT;`);
}

// One request with one key, as the form sends it again; PostgreSQL dies sooner or later during each but the last.
async function emit(ref) {
  const request = `BEGIN; SELECT set_config('mc.council', '1', true), set_config('mc.account', account_id::text, true), set_config('mc.hat', id::text, true), set_config('mc.role', role, true)
      FROM identity.hat WHERE council_id = 1 AND role = 'finance' ORDER BY id LIMIT 1 \\g /dev/null
    SELECT payments.run_emit('00000000-0000-4000-8000-00000000e317', '{"run": "${ref}"}')->>'outcome'; COMMIT;`;
  let cut = 0;
  for (let wait = 0; wait < 300; wait += 50) {
    const asking = spawn('psql', ['-X', '-q', '-At', '-h', town.socket, '-U', 'postgres', '-d', 'mc', '-c', request.replaceAll(' \\g /dev/null', ';')], { stdio: 'ignore' });
    const asked = new Promise((done) => asking.once('exit', (code) => done(code)));
    await sleep(wait);
    await town.killPostgres();
    cut += (await asked) !== 0;
    await town.startPostgres();
  }
  const outcome = town.sql(request);
  return { cut, outcome, sent: town.sql(`SELECT r.message_id || ' ' || min(p.reference) FROM payments.run r JOIN payments.payment p ON p.run_id = r.id WHERE r.ref = '${ref}' GROUP BY r.message_id`).split(' ') };
}

const answer = (message, reference) => `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><OrgnlGrpInfAndSts><OrgnlMsgId>${message}</OrgnlMsgId><GrpSts>PART</GrpSts>`
  + `</OrgnlGrpInfAndSts><TxInfAndSts><OrgnlEndToEndId>${reference}</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC01</Cd></Rsn></StsRsnInf></TxInfAndSts></CstmrPmtStsRpt></Document>`;

// A statement of one penny, which comes after `before` others of one penny each. Two of the formats have more lines than one piece holds behind it: announced only,
// so that nothing is posted of them.
const announced = 2500;
const formats = {
  mt940: (n, before, day, text) => [`:20:DRILL${n}`, ':25:60000087654321', `:28C:${n}/1`, `:60F:C${day.short}GBP${pounds(before).replace('.', ',')}`, `:61:${day.short}C0,01NTRFDRILL${n}`,
    `:86:a penny ${text}`, ...Array(announced).fill(`:61:${day.short}EC1,00NTRFLATER`), `:62F:C${day.short}GBP${pounds(before + 1).replace('.', ',')}`, '-', ''].join('\r\n'),
  camt: (n, before, day, text) => {
    const balance = (code, p) => `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="GBP">${pounds(p)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>${day.long}</Dt></Dt></Bal>`;
    return `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>DRILL${n}</Id><Acct><Id><Othr><Id>60000087654321</Id></Othr></Id><Ccy>GBP</Ccy></Acct>`
      + `${balance('OPBD', before)}${balance('CLBD', before + 1)}<Ntry><Amt Ccy="GBP">0.01</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${day.long}</Dt></BookgDt>`
      + `<AcctSvcrRef>DRILL${n}</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Ustrd>a penny ${text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`
      + `${'<Ntry><Amt Ccy="GBP">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts></Ntry>'.repeat(announced)}</Stmt></BkToCstmrStmt></Document>`;
  },
  csv: (n, before, day, text) => `Date,Sort Code,Account Number,Counterparty,Reference,Amount,DR/CR,Balance\n${day.long},60-00-00,87654321,PENNY ${n},${text},0.01,CR,${pounds(before + 1)}\n`,
};
const pounds = (pence) => (pence / 100).toFixed(2);

// Money is expected for days of the last two years.
const firstDay = Math.floor(Date.now() / 86_400_000) - 600;

// Two statements that follow the ones before, each of a day of its own: MT940 or camt and then CSV, the pennies that are expected, one file that nobody can read, the bank's answer, and
// a message to a person.
function addWork(n, message, reference) {
  const statement = (format, before) => {
    const long = new Date((firstDay + before) * 86_400_000).toISOString().slice(0, 10), day = { long, short: long.slice(2).replaceAll('-', '') };
    const expected = `payments.income_expect(gen_random_uuid(), '{"kind": "refund", "bank_account": "DRILLBANK", "payer_name": "Penny ${n} ${format}", "amount": 1, "every": "once", "starts_on": "${long}"}')`;
    return `SELECT jobs.file_store(gen_random_uuid(), 'statement', 'drill-${n}.${format}',
      convert_to(replace($text$${formats[format](n, before, day, 'PENNY-REFERENCE')}$text$, 'PENNY-REFERENCE', ${expected} ->> 'reference'), 'UTF8'));`;
  };
  return town.run(`BEGIN;
    SELECT set_config('mc.council', '1', true), set_config('mc.account', account_id::text, true), set_config('mc.hat', id::text, true), set_config('mc.role', role, true)
      FROM identity.hat WHERE council_id = 1 AND role = 'finance' ORDER BY id LIMIT 1;
    ${statement(n % 2 ? 'mt940' : 'camt', 2 * n - 2)}
    ${statement('csv', 2 * n - 1)}
    SELECT jobs.file_store(gen_random_uuid(), 'statement', 'answer-${n}.xml', convert_to('${answer(message, reference)}', 'UTF8'));
    SELECT jobs.file_store(gen_random_uuid(), 'statement', 'broken-${n}', 'nothing that a bank would send');
    SELECT mc.outbox('mail', '{"to_email": "drill${n}@town.example", "subject": "Drill", "body": "Once"}');
    COMMIT;`);
}

await drill(town, async (report) => {
  const orders = new Orders(join(town.dir, 'fault'));
  town.sql(`INSERT INTO payments.bank_account (council_id, ref, name, sort_code, account_number) VALUES (1, 'DRILLBANK', 'Drill account', '600000', '87654321')`);
  const journals = () => Number(town.sql(`SELECT count(*) FROM ledger.journal WHERE kind = 'payment_run'`)), before = journals();
  const [received, expected] = town.sql('SELECT coalesce(sum(received), 0), count(*) FROM payments.income_item').split('|');
  const released = await emit(approve()), [message, reference] = released.sent;
  report.fact(released.outcome === 'emitted' && released.cut > 0, `a run is emitted although PostgreSQL died ${released.cut} times meanwhile: ${released.outcome}`);
  const once = town.sql(`SELECT ${journals() - before} || ' ' || (SELECT count(*) FROM jobs.file f JOIN payments.run r ON r.file_ref = f.ref WHERE r.message_id = '${message}')
    || ' ' || (SELECT count(*) - count(DISTINCT reference) FROM payments.payment)`);
  report.fact(once === '1 1 0', `once in the books, one file, no payment twice: ${once}`);
  const first = await run({});
  report.fact(first.code === 0, `jobs runs: ${first.err.trim()}`);
  const ends = {}, stages = [];
  let n = 1, databases = 0; // n counts the rounds, each of which has work of its own
  const round = async (order, meanwhile = async () => {}) => {
    await addWork(n++, message, reference);
    orders.give(order);
    const running = run({ LD_PRELOAD: shim, FAULT_FILE: orders.file, FAULT_NOW: '1' });
    await meanwhile(running.child);
    const ended = await running, hit = orders.hit();
    // What was claimed comes back after a pause; here the pause is over.
    await town.run('UPDATE jobs.outbox SET not_before = now() WHERE done_at IS NULL;');
    const again = await run({});
    if (again.code !== 0) report.fact(false, `after ${order} ${hit} jobs does not run: ${again.err}`);
    return { ended, hit };
  };
  for (let at = 1; at < 2000 * step; at += step) {
    const { ended, hit } = await round(`${kind} ${at}`);
    if (!hit) break;
    if ((ended.signal ?? null) !== (kind === 'send' ? 'SIGKILL' : null)) stages.push(`${at} ${hit} ${ended.signal}`);
    ends[hit] = (ends[hit] ?? 0) + 1;
    if (kind !== 'send' || at % every) continue;
    await round(`stop ${at}`, async (jobs) => {
      await until(() => orders.hit() !== '' || jobs.exitCode !== null, 20_000);
      await town.killPostgres();
      kill(jobs.pid, 'SIGCONT');
      await town.startPostgres();
      databases++;
    });
  }
  n--;
  const places = Object.values(ends).reduce((sum, k) => sum + k, 0);
  report.fact(places > 10 && stages.length === 0, `${kind} at ${places} places: ${JSON.stringify(ends)} ${stages.slice(0, 5).join('; ')}`);
  report.fact(kind !== 'send' || databases >= Math.floor(places / every), `PostgreSQL killed at ${databases} places`);
  const is = (wanted, what, sql) => { const got = town.sql(sql); report.fact(got === String(wanted), `${what}: ${got} of ${wanted}`); };
  const ofDrill = `FROM payments.statement s JOIN payments.bank_account a ON (a.council_id, a.id) = (s.council_id, s.bank_account_id) AND a.ref = 'DRILLBANK'`;
  is(2 * n, 'statements read once', `SELECT count(*) ${ofDrill}`);
  is(announced * n, 'lines that were announced only', `SELECT sum(s.skipped) ${ofDrill}`);
  is(0, 'pieces of statements still staged', 'SELECT count(*) FROM payments.statement_piece');
  is(2 * n, 'pennies of the bank, each once', `SELECT coalesce(sum(e.amount), 0) ${ofDrill} JOIN payments.bank_entry e ON (e.council_id, e.statement_id) = (s.council_id, s.id)`);
  is(`${2 * n} ${2 * n}`, 'pennies received by their references, each once', `SELECT sum(received) - ${received} || ' ' || count(*) - ${expected} FROM payments.income_item`);
  is('rejected 1 1', 'the rejected payment, once in the books and in the mail', `SELECT p.state || ' ' || (SELECT count(*) FROM ledger.journal j WHERE j.kind = 'payment_rejected') || ' '
    || (SELECT count(DISTINCT outbox_id) FROM jobs.mail WHERE subject LIKE 'The bank rejected%') FROM payments.payment p WHERE p.reference = '${reference}'`);
  is(n, 'answers read', `SELECT count(*) FROM jobs.file WHERE name LIKE 'answer-%' AND state = 'done'`);
  is(2 * n, 'files done', `SELECT count(*) FROM jobs.file WHERE name LIKE 'drill-%' AND state = 'done'`);
  is(n, 'broken files refused with a reason', `SELECT count(*) FROM jobs.file WHERE name LIKE 'broken-%' AND state = 'refused' AND report ? 'error'`);
  is(n, 'mails, each once', `SELECT count(*) FROM jobs.mail WHERE to_email LIKE 'drill%'`);
  is(0, 'messages left behind', 'SELECT count(*) FROM jobs.outbox WHERE done_at IS NULL');
  is(0, 'events unsealed', 'SELECT count(*) FROM audit.event e WHERE NOT EXISTS (SELECT FROM audit.sealed_event x WHERE x.council_id = e.council_id AND x.event_id = e.id)');
  const verified = town.verify();
  report.fact(verified.clean, `marketcross verify: ${verified.said.trim().split('\n').slice(0, 10).join(' / ')}`);
});
