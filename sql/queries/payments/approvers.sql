-- query: approvers
-- about: Who works in finance, and up to what sum each may approve a payment run today. limit NULL: any sum.
-- row: email text, name text, most money null, is_self bool
-- rows: many
SELECT a.email, a.name, payments.approval_limit_of(a.id) AS most, a.id = mc.account() AS is_self
  FROM payments.finance_people() a WHERE mc.role() IN ('finance', 'auditor', 'commissioner') ORDER BY a.name
