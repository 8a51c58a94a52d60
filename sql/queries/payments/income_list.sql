-- query: income_list
-- about: Money that is expected, late first, then what is to come, then what was received in the last 120 days.
-- params: page int
-- row: ref text, series text, reference text, kind text, account text, person text null, payer text, due_on date, amount money, received money, received_on date null, state text, reminders int,
--   reminded_on date null, can_remind bool, goes_on bool
-- rows: many
-- page: 50
SELECT i.ref, s.ref AS series, s.reference, s.kind, b.name AS account, p.name AS person, s.payer_name AS payer, i.due_on, i.amount, i.received, i.received_on, t.state, i.reminders, i.reminded_on,
       t.state = 'late' AND s.payer_email IS NOT NULL AND i.reminded_on IS DISTINCT FROM ledger.today() AND mc.role() = 'finance' AS can_remind,
       i.due_on = max(i.due_on) OVER (PARTITION BY s.id) AND s.every <> 'once' AND coalesce(s.ends_on, 'infinity') > ledger.today() AND mc.role() = 'finance' AS goes_on
  FROM payments.income_item i
  JOIN payments.income_series s ON s.council_id = i.council_id AND s.id = i.series_id
  JOIN payments.bank_account b ON b.council_id = s.council_id AND b.id = s.bank_account_id
  LEFT JOIN identity.person p ON p.council_id = s.council_id AND p.id = s.person_id
 CROSS JOIN LATERAL (SELECT CASE WHEN i.received = i.amount THEN 'received' WHEN payments.income_is_late(i.due_on) THEN 'late' ELSE 'expected' END AS state) t
 WHERE i.council_id = mc.council() AND mc.role() IN ('finance', 'auditor') AND (i.received < i.amount OR i.received_on > ledger.today() - 120)
 ORDER BY array_position(ARRAY['late', 'expected', 'received'], t.state), CASE t.state WHEN 'received' THEN NULL ELSE i.due_on END, i.received_on DESC, i.id
 LIMIT mc.list_most(51) OFFSET mc.list_most(50) * (greatest($1::int, 1) - 1)
