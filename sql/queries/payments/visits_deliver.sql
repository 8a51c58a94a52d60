-- query: visits_deliver
-- about: Every visit of these days whose time has come took place as planned: {from, to}.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, visits int, replayed bool
-- rows: one
SELECT r ->> 'outcome' AS outcome, (r ->> 'visits')::int AS visits, (r ->> 'replayed')::boolean AS replayed
  FROM payments.visits_deliver($1::uuid, $2::jsonb) r
