-- query: matching_now
-- about: Whether a round of matching is asked for and not done yet.
-- row: is_matching bool
-- rows: one
SELECT payments.is_matching() AS is_matching
