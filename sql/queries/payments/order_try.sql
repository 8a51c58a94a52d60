-- query: order_try
-- about: What an order would cost, before it is placed: nothing is stored. Outcomes: fits, or those of order_place.
-- params: request json
-- row: outcome text, total money null, left_over money null, visits int null, price_source text null, free money null, short_by money null, fits_weeks int null, fits_visits int null,
--   ceiling money null, used money null, minimum_minutes int null, next_step text null, away_visits int null, away text null
-- rows: one
SELECT r ->> 'outcome' AS outcome, (r ->> 'total')::bigint AS total, (r ->> 'left_over')::bigint AS left_over, (r ->> 'visits')::int AS visits, r ->> 'price_source' AS price_source,
       (r ->> 'free')::bigint AS free, (r ->> 'short_by')::bigint AS short_by, (r ->> 'fits_weeks')::int AS fits_weeks, (r ->> 'fits_visits')::int AS fits_visits,
       (r ->> 'ceiling')::bigint AS ceiling, (r ->> 'used')::bigint AS used, (r ->> 'minimum_minutes')::int AS minimum_minutes, r ->> 'next_step' AS next_step,
       (r ->> 'away_visits')::int AS away_visits, r ->> 'away' AS away
  FROM payments.order_try($1::jsonb) AS r
