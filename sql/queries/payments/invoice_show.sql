-- query: invoice_show
-- about: One invoice, for its provider or the council's officers.
-- params: ref text
-- row: ref text, number text, kind text, state text, provider text, provider_ref text, corrects text null, issue_on date, due_on date, received_at time, received_when text hidden, approved_at time null, approved_when text null hidden,
--   paid_on date null, net money, tax money, gross money, approved money, scheduled money, paid money, ruleset text, file_ref text null, hands int null, payment text null, xsd text null,
--   valid_when text null hidden, queried_days int, clock_day int null, pay_by date null, credited money
-- rows: maybe
SELECT i.ref, i.number, i.kind, i.state, o.name AS provider, o.ref AS provider_ref, c.ref AS corrects, i.issue_on, i.due_on, i.received_at, payments.said_at(i.received_at) AS received_when, i.approved_at, payments.said_at(i.approved_at) AS approved_when, i.paid_on,
       i.net, i.tax, i.gross, i.approved, i.scheduled, i.paid, i.ruleset, i.file_ref, CASE WHEN mc.role() <> 'provider' THEN i.hands END AS hands,
       (SELECT p.reference FROM payments.payment_invoice x JOIN payments.payment p ON p.council_id = x.council_id AND p.id = x.payment_id
         WHERE x.council_id = i.council_id AND x.invoice_id = i.id AND p.state <> 'withdrawn' ORDER BY p.id DESC LIMIT 1) AS payment, i.verdict ->> 'xsd' AS xsd,
       payments.said_at(i.valid_at) AS valid_when, payments.queried_days(i.council_id, i.id) AS queried_days,
       coalesce(i.paid_on, ledger.today()) - (i.valid_at AT TIME ZONE 'Europe/London')::date AS clock_day,
       payments.pay_by((i.valid_at AT TIME ZONE 'Europe/London')::date + 30) AS pay_by,
       (SELECT coalesce(sum(k.approved), 0)::bigint FROM payments.invoice k WHERE k.council_id = i.council_id AND k.corrects_id = i.id AND k.kind = 'credit_note') AS credited
  FROM payments.invoice i
  JOIN identity.organisation o ON o.id = i.organisation_id
  LEFT JOIN payments.invoice c ON c.council_id = i.council_id AND c.id = i.corrects_id
 WHERE i.council_id = mc.council() AND i.ref = $1::text AND (i.organisation_id = mc.organisation() AND mc.role() = 'provider' OR mc.role() IN ('finance', 'auditor', 'commissioner'))
