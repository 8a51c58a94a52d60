-- query: provider_account_verify
-- about: A second person verifies or refuses new bank details: {ref, evidence, decision?: refuse}. Outcomes: verified, refused, same_person, not_waiting.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, replayed bool
-- rows: one
SELECT r->>'outcome' AS outcome, r->>'ref' AS ref, (r->>'replayed')::boolean AS replayed FROM payments.provider_account_verify($1::uuid, $2::jsonb) r
