-- query: entry_match
-- about: A person places a bank line: {entry, note, item: "suspense:" or explanation: the ref of a stored one}. Outcomes: matched, not_expected.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, replayed bool
-- rows: one
SELECT r->>'outcome' AS outcome, (r->>'replayed')::boolean AS replayed FROM payments.entry_match($1::uuid, $2::jsonb) r
