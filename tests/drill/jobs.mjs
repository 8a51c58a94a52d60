// The jobs process killed before and after each of its messages to the database, while it reads a bank statement, matches its line with money that is
// expected, reads a broken file and the bank's answer to a payment run, writes mail and seals the log. Afterwards it is run again, as the supervisor would:
// everything is there once. FAULT=call: its system calls fail instead, every STEP-th of them in a round of its own.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { Town, drill, program, root } from './town.mjs';
import { Orders, shim } from './victim.mjs';

const fault = process.env.FAULT || 'send', step = Number(process.env.STEP || 1);
const town = new Town(`drill-jobs-${fault}`, { people: 1 });

const run = (env) => new Promise((done) => {
  execFile(program, ['jobs', '--once', '--database', town.conninfo('mc_jobs')], { cwd: root, env: { ...process.env, ...env }, timeout: 30_000 },
    (error, out, err) => done({ signal: error?.signal, code: error?.code ?? 0, err }));
});

// A payment run of everything that waits, released as officers would: the bank answers it again and again, and rejects its first payment.
function release() {
  return town.sql(`BEGIN;
    CREATE FUNCTION pg_temp.as_officer(p_nth int) RETURNS void LANGUAGE sql AS $$
      SELECT set_config('mc.council', '1', true), set_config('mc.account', account_id::text, true), set_config('mc.hat', id::text, true), set_config('mc.role', role, true)
        FROM identity.hat WHERE council_id = 1 AND role = 'finance' ORDER BY id LIMIT 1 OFFSET p_nth $$;
    SELECT pg_temp.as_officer(0) \\g /dev/null
    SELECT jsonb_build_object('run', payments.run_assemble(gen_random_uuid(), '{}')->>'ref') AS run \\gset
    SELECT payments.run_freeze(gen_random_uuid(), :'run') \\g /dev/null
    SELECT pg_temp.as_officer(1) \\g /dev/null
    SELECT payments.run_approve(gen_random_uuid(), :'run') \\g /dev/null
    SELECT pg_temp.as_officer(0) \\g /dev/null
    SELECT payments.run_emit(gen_random_uuid(), :'run') \\g /dev/null
    SELECT r.message_id || ' ' || min(p.reference) FROM payments.run r JOIN payments.payment p ON p.run_id = r.id WHERE r.ref = :'run'::jsonb->>'run' GROUP BY r.message_id;
    COMMIT;`).split(' ');
}

const answer = (message, reference) => `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><OrgnlGrpInfAndSts><OrgnlMsgId>${message}</OrgnlMsgId><GrpSts>PART</GrpSts>`
  + `</OrgnlGrpInfAndSts><TxInfAndSts><OrgnlEndToEndId>${reference}</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC01</Cd></Rsn></StsRsnInf></TxInfAndSts></CstmrPmtStsRpt></Document>`;

// One statement of one penny that follows the one before, the penny expected, one file that nobody can read, the bank's answer, and a message to a person.
function addWork(n, message, reference) {
  const pounds = (p) => `${Math.floor(p / 100)},${String(p % 100).padStart(2, '0')}`;
  const day = new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(2, 10).replaceAll('-', '');
  const expected = `SELECT payments.income_expect(gen_random_uuid(), '{"kind": "refund", "bank_account": "DRILLBANK", "payer_name": "Penny ${n}", "amount": 1, "every": "once", "starts_on": "2026-01-0${1 + n % 9}"}')->>'reference'`;
  const mt940 = (penny) => [`:20:DRILL${n}`, ':25:60000087654321', `:28C:${n}/1`, `:60F:C${day}GBP${pounds(n - 1)}`, `:61:${day}C0,01NTRFDRILL${n}`, `:86:a penny ${penny}`,
    `:62F:C${day}GBP${pounds(n)}`, '-', ''].join('\r\n');
  town.sql(`BEGIN;
    SELECT set_config('mc.council', '1', true), set_config('mc.account', account_id::text, true), set_config('mc.hat', id::text, true), set_config('mc.role', role, true)
      FROM identity.hat WHERE council_id = 1 AND role = 'finance' ORDER BY id LIMIT 1;
    SELECT jobs.file_store(gen_random_uuid(), 'statement', 'drill-${n}.sta', convert_to(replace($mt$${mt940('PENNY')}$mt$, 'PENNY', (${expected})), 'UTF8'));
    SELECT jobs.file_store(gen_random_uuid(), 'statement', 'answer-${n}.xml', convert_to('${answer(message, reference)}', 'UTF8'));
    SELECT jobs.file_store(gen_random_uuid(), 'statement', 'broken-${n}', 'nothing that a bank would send');
    SELECT mc.outbox('mail', '{"to_email": "drill${n}@town.example", "subject": "Drill", "body": "Once"}');
    COMMIT;`);
}

await drill(town, async (report) => {
  const orders = new Orders(join(town.dir, 'fault'));
  town.sql(`INSERT INTO payments.bank_account (council_id, ref, name, sort_code, account_number) VALUES (1, 'DRILLBANK', 'Drill account', '600000', '87654321')`);
  const [message, reference] = release();
  const first = await run({});
  report.fact(first.code === 0, `jobs runs: ${first.err.trim()}`);
  const ends = {}, stages = [];
  // n counts the rounds, each of which has work of its own.
  let n = 1;
  for (; n < 2000; n++) {
    const at = 1 + (n - 1) * step;
    addWork(n, message, reference);
    orders.give(`${fault} ${at}`);
    const ended = await run({ LD_PRELOAD: shim, FAULT_FILE: orders.file, FAULT_NOW: '1' });
    const hit = orders.hit();
    // What was claimed comes back after a pause; here the pause is over.
    town.sql('UPDATE jobs.outbox SET not_before = now() WHERE done_at IS NULL');
    const again = await run({});
    if (again.code !== 0) report.fact(false, `after ${fault} ${at} ${hit} jobs does not run: ${again.err}`);
    if (!hit) break;
    if ((ended.signal ?? null) !== (fault === 'send' ? 'SIGKILL' : null)) stages.push(`${at} ${hit} ${ended.signal}`);
    ends[hit] = (ends[hit] ?? 0) + 1;
  }
  const places = Object.values(ends).reduce((sum, k) => sum + k, 0);
  report.fact(places > 10 && stages.length === 0, `${fault} at ${places} places: ${JSON.stringify(ends)} ${stages.slice(0, 5).join('; ')}`);
  const is = (wanted, what, sql) => { const got = town.sql(sql); report.fact(got === String(wanted), `${what}: ${got} of ${wanted}`); };
  const ofDrill = `FROM payments.statement s JOIN payments.bank_account a ON (a.council_id, a.id) = (s.council_id, s.bank_account_id) AND a.ref = 'DRILLBANK'`;
  is(n, 'statements read once', `SELECT count(*) ${ofDrill}`);
  is(n, 'pennies of the bank, each once', `SELECT coalesce(sum(e.amount), 0) ${ofDrill} JOIN payments.bank_entry e ON (e.council_id, e.statement_id) = (s.council_id, s.id)`);
  is(`${n} ${n}`, 'pennies received by their references, each once', `SELECT sum(received) || ' ' || count(*) FROM payments.income_item`);
  is('rejected 1 1', 'the rejected payment, once in the books and in the mail', `SELECT p.state || ' ' || (SELECT count(*) FROM ledger.journal j WHERE j.kind = 'payment_rejected') || ' '
    || (SELECT count(DISTINCT outbox_id) FROM jobs.mail WHERE subject LIKE 'The bank rejected%') FROM payments.payment p WHERE p.reference = '${reference}'`);
  is(n, 'answers read', `SELECT count(*) FROM jobs.file WHERE name LIKE 'answer-%' AND state = 'done'`);
  is(n, 'files done', `SELECT count(*) FROM jobs.file WHERE name LIKE 'drill-%' AND state = 'done'`);
  is(n, 'broken files refused with a reason', `SELECT count(*) FROM jobs.file WHERE name LIKE 'broken-%' AND state = 'refused' AND report ? 'error'`);
  is(n, 'mails, each once', `SELECT count(*) FROM jobs.mail WHERE to_email LIKE 'drill%'`);
  is(0, 'messages left behind', 'SELECT count(*) FROM jobs.outbox WHERE done_at IS NULL');
  is(0, 'events unsealed', 'SELECT count(*) FROM audit.event e WHERE NOT EXISTS (SELECT FROM audit.sealed_event x WHERE x.council_id = e.council_id AND x.event_id = e.id)');
  const verified = town.verify();
  report.fact(verified.clean, `marketcross verify: ${verified.said.trim().split('\n').slice(0, 10).join(' / ')}`);
});
