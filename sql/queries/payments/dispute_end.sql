-- query: dispute_end
-- about: Finance ends a dispute about a line: {invoice, line, action: accept | reject, note}.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, approved money null, replayed bool
-- rows: one
SELECT r->>'outcome' AS outcome, r->>'ref' AS ref, (r->>'approved')::bigint AS approved, (r->>'replayed')::boolean AS replayed
  FROM payments.dispute_end($1::uuid, $2::jsonb) r
