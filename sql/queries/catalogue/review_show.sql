-- query: review_show
-- about: The moderator leaves a reported review as it is, or shows a hidden one again: {review}. Outcomes: shown, state.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, replayed bool
-- rows: one
SELECT r ->> 'outcome' AS outcome, (r ->> 'replayed')::boolean AS replayed FROM catalogue.review_show($1::uuid, $2::jsonb) r
