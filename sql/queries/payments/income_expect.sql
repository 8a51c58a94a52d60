-- query: income_expect
-- about: Writes down that money is expected, once or again and again. Outcomes: expected; no_person, no_account, far, too_long.
-- writes: yes
-- params: key uuid, kind text, account text, person text null, payer text, email text null, amount money, every text, starts_on date, ends_on date null
-- row: outcome text, ref text null, reference text null
-- rows: one
SELECT r->>'outcome' AS outcome, r->>'ref' AS ref, r->>'reference' AS reference
  FROM payments.income_expect($1::uuid, jsonb_strip_nulls(jsonb_build_object('kind', $2::text, 'bank_account', $3::text, 'person', $4::text, 'payer_name', $5::text, 'payer_email', $6::text,
         'amount', $7::bigint, 'every', $8::text, 'starts_on', $9::date, 'ends_on', $10::date))) r
