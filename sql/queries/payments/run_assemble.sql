-- query: run_assemble
-- about: A new run of everything that can be paid: {bank_account?, pay_on?, invoices?}. Outcomes: assembled, nothing_to_pay; left_out says why who waits.
-- lane: slow
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, total money null, payments int null, left_out json null, replayed bool
-- rows: one
SELECT r->>'outcome' AS outcome, r->>'ref' AS ref, (r->>'total')::bigint AS total, (r->>'payments')::int AS payments, r->'left_out' AS left_out, (r->>'replayed')::boolean AS replayed
  FROM payments.run_assemble($1::uuid, $2::jsonb) r
