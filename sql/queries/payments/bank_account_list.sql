-- query: bank_account_list
-- about: The council's own bank accounts and the payment file that the bank of each takes.
-- row: ref text, name text, sort_code text, account_end text, is_client_money bool, profile text, service_user_number text null
-- rows: many
SELECT b.ref, b.name, b.sort_code, right(b.account_number, 4) AS account_end, b.is_client_money, b.profile, b.service_user_number
  FROM payments.bank_account b WHERE b.council_id = mc.council() AND mc.role() IN ('finance', 'auditor') ORDER BY b.is_client_money, b.id LIMIT mc.list_most(200)
