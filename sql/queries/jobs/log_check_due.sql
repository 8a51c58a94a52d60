-- query: log_check_due
-- about: Checks the council's whole log when tonight's look is due. How many things the last look found wrong. One council a transaction.
-- lane: slow
-- writes: yes
-- row: findings int
-- rows: one
SELECT audit.check_log_due() AS findings
