-- query: self_bill
-- about: Bills a micro-enterprise's confirmed visits for it: {order} or {organisation}, from, to. Outcomes: approved, exception, nothing_to_bill, not_micro.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, approved money null, replayed bool
-- rows: one
SELECT r->>'outcome' AS outcome, r->>'ref' AS ref, (r->>'approved')::bigint AS approved, (r->>'replayed')::boolean AS replayed
  FROM payments.invoice_self_bill($1::uuid, $2::jsonb) r
