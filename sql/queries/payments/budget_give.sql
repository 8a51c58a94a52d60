-- query: budget_give
-- about: Allocates one sum from one funder, held in one way, to a person: a new budget.
-- writes: yes
-- params: key uuid, person text, funder text, kind text, route text, holder text null, amount money, starts_on date, ends_on date, reason text null
-- row: outcome text, budget_ref text null
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'budget' AS budget_ref
  FROM payments.budget_allocate($1::uuid, jsonb_strip_nulls(jsonb_build_object('person', $2::text, 'starts_on', $8::date, 'ends_on', $9::date, 'reason', $10::text,
         'lines', jsonb_build_array(jsonb_build_object('funder', $3::text, 'kind', $4::text, 'portions',
           jsonb_build_array(jsonb_build_object('route', $5::text, 'holder_organisation', $6::text, 'amount', $7::bigint))))))) AS r
