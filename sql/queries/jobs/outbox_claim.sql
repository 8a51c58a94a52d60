-- query: outbox_claim
-- about: Takes messages that are due.
-- writes: yes
-- params: most int, fresh_letters bool
-- row: id bigint, council_id int null, topic text, payload json, tries int
-- rows: many
SELECT id, council_id, topic, payload, tries FROM jobs.claim($1::int, $2::boolean)
