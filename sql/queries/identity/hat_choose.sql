-- query: hat_choose
-- about: Another role of the same account, with a new session.
-- writes: yes
-- params: council_id int, hat_id bigint, token bytes, old bytes null
-- row: outcome text
-- rows: one
SELECT identity.hat_choose($1::int, $2::bigint, $3::bytea, $4::bytea) AS outcome
