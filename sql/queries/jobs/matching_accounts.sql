-- query: matching_accounts
-- about: The bank accounts of the council that have open lines.
-- row: id bigint, account text, currency text
-- rows: many
SELECT id, account, currency FROM payments.matching_accounts()
