-- query: matching_take
-- about: The matcher's answer about the entries of these ids, a line for each: what is certain is applied, the best explanations of the rest are stored.
-- writes: yes
-- params: entries text, results text
-- row: unmatched int, not_expected int
-- rows: one
SELECT (r->>'unmatched')::int AS unmatched, (r->>'not_expected')::int AS not_expected FROM payments.matching_take($1::text::bigint[], $2::text) r
