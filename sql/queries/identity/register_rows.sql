-- query: register_rows
-- about: Registers the rows of an operator's list: councils, bank-accounts, organisations, people, roles, outcomes or agreed-prices. All or none.
-- writes: yes
-- params: kind text, rows json
-- row: added int, changed int
-- rows: one
SELECT added, changed FROM identity.register($1::text, $2::jsonb)
