-- query: review_write
-- about: The person or a mandate holder says how it was: {order, on_time, as_agreed, was_kind, use_again, words}. Outcomes: written, changed, not_delivered, nothing_said, too_late,
--   related_party, mandate_….
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, replayed bool
-- rows: one
SELECT r ->> 'outcome' AS outcome, (r ->> 'replayed')::boolean AS replayed FROM payments.review_write($1::uuid, $2::jsonb) AS r
