-- query: reconcile
-- about: Runs the certain rules over every open bank line.
-- lane: slow
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, runs int, payments int, returns int, unmatched int, replayed bool
-- rows: one
SELECT r->>'outcome' AS outcome, (r->>'runs')::int AS runs, (r->>'payments')::int AS payments, (r->>'returns')::int AS returns, (r->>'unmatched')::int AS unmatched,
       (r->>'replayed')::boolean AS replayed
  FROM payments.reconcile($1::uuid, $2::jsonb) r
