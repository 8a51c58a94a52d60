-- query: ask_state
-- about: The key under which what was typed is asked for, and the order where it was asked for already.
-- params: key uuid
-- row: key uuid, order_ref text null
-- rows: one
SELECT s.key, s.order_ref FROM payments.ask_state($1::uuid) s
