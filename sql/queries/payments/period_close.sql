-- query: period_close
-- about: Closes a financial year, named by its first day: what comes later for it is counted in the next one. Outcomes: closed; state, not_over.
-- writes: yes
-- params: key uuid, starts_on text
-- row: outcome text
-- rows: one
SELECT ledger.period_close($1::uuid, coalesce((SELECT p.starts_on FROM ledger.period p WHERE p.council_id = mc.council() AND p.starts_on::text = $2::text), '-infinity')) ->> 'outcome' AS outcome
