-- query: ask_latest
-- about: What was typed last when asking for this service, unless it was sent.
-- params: page text
-- row: answers json
-- rows: maybe
SELECT l.answers FROM mc.answers_latest($1::text) l CROSS JOIN LATERAL payments.ask_state(l.key) s WHERE s.order_ref IS NULL
