-- query: ledger_sums
-- about: The trial balance of a financial year: what was debited and credited, by kind of account. Debits and credits are equal.
-- lane: slow
-- params: year text
-- row: kind text, accounts bigint, entries bigint, debits money, credits money
-- rows: many
SELECT a.kind, count(DISTINCT a.id) AS accounts, count(*) AS entries, coalesce(-sum(e.amount) FILTER (WHERE e.amount < 0), 0)::bigint AS debits,
       coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0)::bigint AS credits
  FROM ledger.period y
  JOIN ledger.journal j ON j.council_id = y.council_id AND j.period_id = y.id
  JOIN ledger.entry e ON e.council_id = j.council_id AND e.journal_id = j.id
  JOIN ledger.account a ON a.council_id = e.council_id AND a.id = e.account_id
 WHERE y.council_id = mc.council() AND mc.role() IN ('finance', 'auditor') AND y.starts_on::text = $1::text
 GROUP BY a.kind ORDER BY a.kind
