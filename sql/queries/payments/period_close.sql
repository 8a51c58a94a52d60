-- query: period_close
-- about: Closes a financial year: what comes later for it is counted in the next one. Outcomes: closed; state, not_over.
-- writes: yes
-- params: key uuid, starts_on date
-- row: outcome text
-- rows: one
SELECT ledger.period_close($1::uuid, $2::date) ->> 'outcome' AS outcome
