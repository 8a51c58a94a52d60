-- query: income_remind
-- about: Reminds the payer of one item by e-mail. Outcomes: reminded; nobody, too_soon, received.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text
-- rows: one
SELECT r->>'outcome' AS outcome FROM payments.income_remind($1::uuid, $2::jsonb) r
