-- query: reconcile
-- about: Asks for another round of matching over every open bank line; jobs does it.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, replayed bool
-- rows: one
SELECT r->>'outcome' AS outcome, (r->>'replayed')::boolean AS replayed FROM payments.reconcile($1::uuid, $2::jsonb) r
