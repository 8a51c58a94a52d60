-- query: run_list
-- about: Payment runs, newest first.
-- params: page int
-- row: ref text, state text, pay_on date, total money, payments int, assembled_by text, assembled_at time, assembled_when text hidden, approved_by text null, emitted_at time null, settled_on date null
-- rows: many
-- page: 50
SELECT r.ref, r.state, r.pay_on, r.total, r.payments, a.name AS assembled_by, r.assembled_at, payments.said_at(r.assembled_at) AS assembled_when, p.name AS approved_by, r.emitted_at, r.settled_on
  FROM payments.run r
  JOIN identity.account_name a ON a.id = r.assembled_by
  LEFT JOIN identity.account_name p ON p.id = r.approved_by
 WHERE r.council_id = mc.council() AND mc.role() IN ('finance', 'auditor')
 ORDER BY r.id DESC LIMIT mc.list_most(51) OFFSET mc.list_most(50) * (greatest($1::int, 1) - 1)
