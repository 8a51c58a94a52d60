-- query: password_find
-- about: The stored hash of an account, before it is checked on a helper thread.
-- params: email text, address text
-- row: account_id bigint null hidden, hash text null hidden, too_many bool
-- rows: one
SELECT account_id, hash, too_many FROM identity.password_find($1::text, $2::text)
