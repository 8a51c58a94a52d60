-- query: review_report
-- about: Somebody says that a review is wrong or unkind: {review, reason, words}. Stored without any person. Outcomes: reported, too_many.
-- writes: yes
-- params: key uuid, request json, address text
-- row: outcome text
-- rows: one
SELECT r ->> 'outcome' AS outcome FROM catalogue.review_report($1::uuid, $2::jsonb, $3::text) r
