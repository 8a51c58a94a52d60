-- A council with :lines bank lines to come in :files files: of ten, four settle payments to 2,000 providers, five are expected income of 5,000 people, one is nobody's.
-- Parents are made with their children and figures agree, so nothing but the import itself is checked while it is timed.
BEGIN;
SET LOCAL session_replication_role = replica;
SELECT set_config('mc.council', '1', true) \g /dev/null
INSERT INTO identity.council (id, slug, name, phone, email) VALUES (1, 'bench', 'Bench Council', '01632 960001', 'x@bench.example');
INSERT INTO identity.account (email, name) VALUES ('finance@bench.example', 'Finance'), ('second@bench.example', 'Second'), ('third@bench.example', 'Third');
INSERT INTO identity.organisation (ref, name, kind) SELECT 'BORG-' || lpad(n::text, 4, '0'), 'Provider ' || n, 'agency' FROM generate_series(0, 1999) AS n;
INSERT INTO identity.person (council_id, ref, name) SELECT 1, 'BPER-' || lpad(n::text, 4, '0'), 'Person ' || n FROM generate_series(0, 4999) AS n;
INSERT INTO payments.bank_account (council_id, ref, name, sort_code, account_number) VALUES (1, 'BBANK-01', 'Payments', '600000', '87654321');
INSERT INTO payments.provider_account (council_id, ref, organisation_id, version, account_name, sort_code, account_number, vat_profile, entered_by)
SELECT 1, mc.new_ref(), o.id, 1, o.name, '600001', lpad(o.id::text, 8, '0'), 'exempt', 1 FROM identity.organisation o;

-- Payments, as they are when the bank has their files.
INSERT INTO payments.run (council_id, ref, bank_account_id, state, pay_on, total, payments, assembled_by, frozen_by, frozen_at, content_sha256, approved_by, approved_at,
                          emitted_by, emitted_at, message_id, file_ref, file_sha256, journal_id)
SELECT 1, mc.new_ref(), b.id, 'emitted', ledger.today(), 1, 2000, 1, 1, now(), '', 2, now(), 3, now(), 'BENCH' || n, 'x', '', 0
  FROM payments.bank_account b, generate_series(0, (:lines * 4 / 10 - 1) / 2000) AS n;
INSERT INTO payments.payment (council_id, ref, reference, run_id, organisation_id, provider_account_id, payee_name, payee_sort_code, payee_account, amount, state)
SELECT 1, n.ref, 'MC' || replace(n.ref, '-', ''), r.id, o.id, a.id, a.account_name, a.sort_code, a.account_number, 1000 + n.at::bigint * 7919 % 90000, 'emitted'
  FROM (SELECT at, mc.new_ref() AS ref FROM generate_series(0, :lines * 4 / 10 - 1) AS at) n
  JOIN payments.run r ON r.message_id = 'BENCH' || n.at / 2000
  JOIN identity.organisation o ON o.ref = 'BORG-' || lpad((n.at % 2000)::text, 4, '0')
  JOIN payments.provider_account a ON a.organisation_id = o.id;
INSERT INTO payments.invoice (council_id, ref, organisation_id, kind, number, number_normal, issue_on, due_on, currency, net, tax, gross, state, ruleset, verdict, approved, scheduled)
SELECT 1, p.ref, p.organisation_id, 'invoice', 'B' || p.id, 'B' || p.id, ledger.today() - 20, ledger.today(), 'GBP', p.amount, 0, p.amount, 'in_run', 'bench', '{}', p.amount, p.amount
  FROM payments.payment p;
INSERT INTO payments.payment_invoice SELECT 1, p.id, i.id, p.amount FROM payments.payment p JOIN payments.invoice i ON i.ref = p.ref;

-- Expected income: one item a series.
INSERT INTO payments.income_series (council_id, ref, reference, kind, bank_account_id, person_id, payer_name, amount, every, starts_on, entered_by)
SELECT 1, n.ref, 'MC' || replace(n.ref, '-', ''), (ARRAY['contribution', 'topup', 'refund'])[1 + n.at % 3], b.id, p.id, 'Payer ' || n.at, 500 + n.at::bigint * 6700417 % 90000, 'once', ledger.today(), 1
  FROM payments.bank_account b CROSS JOIN (SELECT at, mc.new_ref() AS ref FROM generate_series(0, :lines * 5 / 10 - 1) AS at) n
  JOIN identity.person p ON p.ref = 'BPER-' || lpad((n.at % 5000)::text, 4, '0');
INSERT INTO payments.income_item (council_id, ref, series_id, due_on, amount) SELECT 1, mc.new_ref(), s.id, s.starts_on, s.amount FROM payments.income_series s;

-- The bank's lines, mixed, as one of the product's CSV layouts; each file opens where the one before closed.
CREATE TABLE public.bench_line AS
SELECT row_number() OVER (ORDER BY md5(l.reference)) - 1 AS at, l.*
  FROM (SELECT payee_name AS name, payee_sort_code || payee_account AS account, reference, -amount AS amount FROM payments.payment
        UNION ALL SELECT payer_name, '', reference, amount FROM payments.income_series
        UNION ALL SELECT 'Somebody ' || n, '', 'GIFT ' || n, 100 + n % 5000 FROM generate_series(1, :lines / 10) AS n) l;
CREATE TABLE public.bench_file AS
SELECT l.at * :files / :lines AS file, string_agg(format('%s,60-00-00,87654321,%s,%s,%s,%s,B%s,%s,%s,%s', to_char(ledger.today(), 'DD/MM/YYYY'), l.name, l.account, l.reference, l.reference, l.at,
                                   payments.decimal(abs(l.amount)), CASE WHEN l.amount < 0 THEN 'DR' ELSE 'CR' END, payments.decimal(l.balance)), E'\n' ORDER BY l.at) AS lines
  FROM (SELECT *, sum(amount) OVER (ORDER BY at)::bigint AS balance FROM public.bench_line) l GROUP BY 1;
COMMIT;
BEGIN;
SELECT set_config('mc.council', '1', true), set_config('mc.role', 'finance', true), set_config('mc.account', '1', true), set_config('mc.hat', '', true),
       set_config('mc.organisation', '', true), set_config('mc.person', '', true), set_config('mc.mandate', '', true) \g /dev/null
SELECT jobs.file_store(gen_random_uuid(), 'statement', 'bench-' || file || '.csv',
         convert_to(E'Date,Sort Code,Account Number,Counterparty,Counterparty Account,Reference,End To End Reference,Bank Reference,Amount,DR/CR,Balance\n' || lines, 'UTF8'))
  FROM public.bench_file ORDER BY file \g /dev/null
COMMIT;
DROP TABLE public.bench_line, public.bench_file;
-- Not of the tables that are still empty: that says that they stay so.
VACUUM ANALYZE identity.organisation, identity.person, payments.run, payments.payment, payments.payment_invoice, payments.invoice, payments.income_series, payments.income_item;
