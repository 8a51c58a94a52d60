-- query: pool_try
-- about: What taking part would set aside and leave of the person's own money: nothing is stored. Outcomes: fits, or those of pool_join.
-- params: invitation text
-- row: outcome text, total money null, left_over money null, short_by money null, ceiling money null, next_step text null, away_visits int null, away text null
-- rows: one
SELECT r ->> 'outcome' AS outcome, (r ->> 'total')::bigint AS total, (r ->> 'left_over')::bigint AS left_over, (r ->> 'short_by')::bigint AS short_by, (r ->> 'ceiling')::bigint AS ceiling,
       r ->> 'next_step' AS next_step, (r ->> 'away_visits')::int AS away_visits, r ->> 'away' AS away
  FROM payments.pool_try($1::text) AS r
