-- query: link_use
-- about: Uses a sign-in link up and opens a session.
-- writes: yes
-- params: link bytes, token bytes, old bytes null
-- row: outcome text
-- rows: one
SELECT identity.link_use($1::bytea, $2::bytea, $3::bytea) AS outcome
