-- query: review_hide
-- about: The moderator hides a review: {review, reason, note}. Outcomes: hidden, state.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, replayed bool
-- rows: one
SELECT r ->> 'outcome' AS outcome, (r ->> 'replayed')::boolean AS replayed FROM catalogue.review_hide($1::uuid, $2::jsonb) r
