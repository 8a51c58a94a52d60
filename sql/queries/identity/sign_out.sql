-- query: sign_out
-- about: Ends a session.
-- writes: yes
-- params: token bytes
-- row: outcome text
-- rows: one
SELECT identity.sign_out($1::bytea) AS outcome
