-- query: month_close
-- about: Closes a month, named by its first day, and all before it. Outcomes: closed; not_over, state, held with a sentence.
-- writes: yes
-- params: key uuid, month text
-- row: outcome text, sentence text null
-- rows: one
SELECT r->>'outcome' AS outcome, r->>'sentence' AS sentence FROM payments.month_close($1::uuid, jsonb_build_object('month', $2::text)) r
