-- query: demo_sign_in
-- about: Signs in as an invented person of the demonstration town.
-- writes: yes
-- params: council_id int, hat_id bigint, token bytes, old bytes null
-- row: outcome text
-- rows: one
SELECT identity.demo_sign_in($1::int, $2::bigint, $3::bytea, $4::bytea) AS outcome
