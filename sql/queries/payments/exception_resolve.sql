-- query: exception_resolve
-- about: Finance decides a question: {exception, action: accept | reject | return | dispute, note}. Outcomes: approved, disputed, rejected, still_open, exception, cannot_accept, cannot_dispute, already_resolved.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, sentence text null, approved money null, replayed bool
-- rows: one
SELECT r->>'outcome' AS outcome, r->>'ref' AS ref, r->>'sentence' AS sentence, (r->>'approved')::bigint AS approved, (r->>'replayed')::boolean AS replayed
  FROM payments.exception_resolve($1::uuid, $2::jsonb) r
