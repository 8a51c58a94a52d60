-- query: month_list
-- about: The last twelve months that are over, newest first, and whether each is closed: closing one closes all before it.
-- row: starts_on date, month text hidden, is_closed bool, closed_when text null, closed_by text null, open_lines int, is_next bool
-- rows: many
SELECT m.starts_on, to_char(m.starts_on, 'FMMonth YYYY') AS month, coalesce(m.ends_on <= x.closed_until, false) AS is_closed, payments.said_at(c.closed_at) AS closed_when, n.name AS closed_by,
       (SELECT count(*)::int FROM payments.bank_entry e WHERE e.council_id = mc.council() AND e.allocated <> e.amount AND e.booked_on BETWEEN m.starts_on AND m.ends_on) AS open_lines,
       mc.role() = 'finance' AND NOT coalesce(m.ends_on <= x.closed_until, false) AS is_next
  FROM (SELECT ledger.closed_until() AS closed_until) x
 CROSS JOIN LATERAL (SELECT d::date AS starts_on, (d + interval '1 month' - interval '1 day')::date AS ends_on
                       FROM generate_series(date_trunc('month', ledger.today()::timestamp) - interval '12 months', date_trunc('month', ledger.today()::timestamp) - interval '1 month', interval '1 month') d) m
  LEFT JOIN ledger.closed_month c ON c.council_id = mc.council() AND c.starts_on = m.starts_on
  LEFT JOIN identity.account_name n ON n.id = c.closed_by
 WHERE mc.role() IN ('finance', 'auditor')
   AND (m.ends_on <= x.closed_until OR EXISTS (SELECT FROM payments.statement s WHERE s.council_id = mc.council() AND s.opening_on <= m.ends_on))
 ORDER BY m.starts_on DESC
