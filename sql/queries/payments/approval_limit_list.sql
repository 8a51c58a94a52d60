-- query: approval_limit_list
-- about: Up to what sum people may approve a payment run: every decision, those in force first. who NULL: everybody without a limit of their own.
-- params: page int
-- row: ref text, who text null, amount money null, starts_on date, state text, set_by text, set_at time, set_when text hidden, reason text
-- rows: many
-- page: 50
SELECT t.ref, w.name AS who, t.amount, t.starts_on, x.state, n.name AS set_by, t.set_at, payments.said_at(t.set_at) AS set_when, t.reason
  FROM (SELECT v.*, row_number() OVER (PARTITION BY v.account_id, v.starts_on <= ledger.today() ORDER BY v.starts_on DESC, v.id DESC) AS place
          FROM payments.approval_limit v WHERE v.council_id = mc.council() AND mc.role() IN ('finance', 'auditor', 'commissioner')) t
 CROSS JOIN LATERAL (SELECT CASE WHEN t.starts_on > ledger.today() THEN 'coming' WHEN t.place > 1 THEN 'past' ELSE 'in force' END AS state) x
  JOIN identity.account_name n ON n.id = t.set_by
  LEFT JOIN identity.account_name w ON w.id = t.account_id
 ORDER BY array_position(ARRAY['in force', 'coming', 'past'], x.state), w.name NULLS LAST, t.starts_on DESC, t.id DESC LIMIT mc.list_most(51) OFFSET mc.list_most(50) * (greatest($1::int, 1) - 1)
