-- query: order_place
-- about: Ask for a service: freezes the price and holds the money. Outcomes: placed, short, no_budget, frozen, no_listing, no_outcome, too_short, bad_dates, related_party, mandate_….
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, total money null, visits int null, price_source text null, free money null, short_by money null, fits_weeks int null, fits_visits int null,
--   ceiling money null, used money null, minimum_minutes int null, next_step text null, replayed bool
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'ref' AS ref, (r ->> 'total')::bigint AS total, (r ->> 'visits')::int AS visits, r ->> 'price_source' AS price_source,
       (r ->> 'free')::bigint AS free, (r ->> 'short_by')::bigint AS short_by, (r ->> 'fits_weeks')::int AS fits_weeks, (r ->> 'fits_visits')::int AS fits_visits,
       (r ->> 'ceiling')::bigint AS ceiling, (r ->> 'used')::bigint AS used, (r ->> 'minimum_minutes')::int AS minimum_minutes, r ->> 'next_step' AS next_step,
       (r ->> 'replayed')::boolean AS replayed
  FROM payments.order_place($1::uuid, $2::jsonb) AS r
