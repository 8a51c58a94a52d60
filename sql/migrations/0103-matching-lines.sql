-- The matcher's answer is read once for all that is done with it; it was read anew for each of three questions, a third of the time of a round.
CREATE TYPE payments.matching_line AS (at bigint, entry text, class text, rule text, allocations jsonb, evidence jsonb, candidates jsonb);
DROP FUNCTION IF EXISTS payments.matching_lines(jsonb, text), payments.matching_apply(jsonb, text), payments.matching_propose(jsonb, text), payments.item_meant(text, bigint);
