-- query: approval_limit_set
-- about: Decides up to what sum somebody may approve a payment run; no amount: any sum. Outcomes: set; own_limit, no_account, past.
-- writes: yes
-- params: key uuid, account text, amount money null, starts_on date null, reason text
-- row: outcome text
-- rows: one
SELECT payments.approval_limit_set($1::uuid, jsonb_strip_nulls(jsonb_build_object('account', $2::text, 'amount', $3::bigint, 'starts_on', $4::date, 'reason', $5::text))) ->> 'outcome' AS outcome
