-- query: password_use
-- about: Opens a session after the password was checked, or notes the failure.
-- writes: yes
-- params: email text, address text, account_id bigint null, is_right bool, token bytes, old bytes null
-- row: outcome text
-- rows: one
SELECT identity.password_use($1::text, $2::text, $3::bigint, $4::boolean, $5::bytea, $6::bytea) AS outcome
