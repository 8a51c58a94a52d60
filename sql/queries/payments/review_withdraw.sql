-- query: review_withdraw
-- about: Takes a review away for good: {order}. Outcomes: withdrawn, mandate_….
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, replayed bool
-- rows: one
SELECT r ->> 'outcome' AS outcome, (r ->> 'replayed')::boolean AS replayed FROM payments.review_withdraw($1::uuid, $2::jsonb) AS r
