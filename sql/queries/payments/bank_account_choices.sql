-- query: bank_account_choices
-- about: The council's bank accounts, to choose from.
-- row: ref text, name text
-- rows: many
SELECT b.ref, b.name || CASE WHEN b.is_client_money THEN ' (client money)' ELSE '' END AS name
  FROM payments.bank_account b WHERE b.council_id = mc.council() AND mc.role() = 'finance' ORDER BY b.is_client_money, b.id
