-- query: period_list
-- about: The financial years of the council's books, newest first, and what still stands open in them. A year that is over and fully explained can be closed.
-- row: starts_on date, ends_on date, state text, closed_when text null, closed_by text null, journals bigint, open_lines int, held_statements int, is_over bool
-- rows: many
SELECT p.starts_on, p.ends_on, p.state, payments.said_at(p.closed_at) AS closed_when, n.name AS closed_by,
       (SELECT count(*) FROM ledger.journal j WHERE j.council_id = p.council_id AND j.period_id = p.id) AS journals,
       (SELECT count(*)::int FROM payments.bank_entry e WHERE e.council_id = p.council_id AND e.allocated <> e.amount AND e.booked_on BETWEEN p.starts_on AND p.ends_on) AS open_lines,
       (SELECT count(*)::int FROM payments.statement s WHERE s.council_id = p.council_id AND s.state = 'held' AND s.closing_on BETWEEN p.starts_on AND p.ends_on) AS held_statements,
       p.ends_on < ledger.today() AS is_over
  FROM ledger.period p LEFT JOIN identity.account_name n ON n.id = p.closed_by
 WHERE p.council_id = mc.council() AND mc.role() IN ('finance', 'auditor') ORDER BY p.starts_on DESC
