-- query: link_ask
-- about: Sends a sign-in link, if there is such an account; the answer does not tell.
-- writes: yes
-- params: email text, link bytes, url text, address text
-- row: outcome text
-- rows: one
SELECT identity.link_ask($1::text, $2::bytea, $3::text, $4::text) AS outcome
