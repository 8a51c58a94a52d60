-- query: orders_place
-- about: identity_enter and order_place for several people in one statement: a row each, in the order asked, of the columns of the one and then of the other.
-- writes: yes
-- params: asked json
-- row: role text, name text null, council_name text null, council_slug text null, council_phone text null, organisation_name text null, person_name text null, person_ref text null,
--   is_acting bool, hats int, is_demo bool, outcome text, ref text null, total money null, visits int null, price_source text null, free money null, short_by money null,
--   fits_weeks int null, fits_visits int null, ceiling money null, used money null, minimum_minutes int null, next_step text null, replayed bool
-- rows: many
SELECT role, name, council_name, council_slug, council_phone, organisation_name, person_name, person_ref, is_acting, hats, is_demo,
       r ->> 'outcome' AS outcome, r ->> 'ref' AS ref, (r ->> 'total')::bigint AS total, (r ->> 'visits')::int AS visits, r ->> 'price_source' AS price_source,
       (r ->> 'free')::bigint AS free, (r ->> 'short_by')::bigint AS short_by, (r ->> 'fits_weeks')::int AS fits_weeks, (r ->> 'fits_visits')::int AS fits_visits,
       (r ->> 'ceiling')::bigint AS ceiling, (r ->> 'used')::bigint AS used, (r ->> 'minimum_minutes')::int AS minimum_minutes, r ->> 'next_step' AS next_step,
       (r ->> 'replayed')::boolean AS replayed
  FROM payments.orders_place($1::jsonb) AS x (role, name, council_name, council_slug, council_phone, organisation_name, person_name, person_ref, is_acting, hats, is_demo, r)
