-- query: review_figures
-- about: What people said of a listing or of all that an organisation does, a row a question, each with its own number of answers, of so many reviews. Fewer than three
--   answers give no figure, no review no row.
-- params: ref text
-- row: place int, reviews int, answers int, yes int null, partly int null, no int null, at_least int null
-- rows: many
SELECT place, reviews::int, answers::int, yes::int, partly::int, no::int, at_least FROM catalogue.review_figures($1::text) ORDER BY place
