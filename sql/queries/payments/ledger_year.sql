-- query: ledger_year
-- about: A financial year of the council's books, named by its first day.
-- params: year text
-- row: starts_on date, ends_on date, state text
-- rows: maybe
SELECT p.starts_on, p.ends_on, p.state FROM ledger.period p
 WHERE p.council_id = mc.council() AND mc.role() IN ('finance', 'auditor') AND p.starts_on::text = $1::text
