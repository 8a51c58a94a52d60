-- query: review_answer
-- about: The provider answers a review, or changes its answer: {review, reply}. Outcomes: answered.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, replayed bool
-- rows: one
SELECT r ->> 'outcome' AS outcome, (r ->> 'replayed')::boolean AS replayed FROM catalogue.review_answer($1::uuid, $2::jsonb) r
