-- query: income_daily
-- about: The work of a day, done once: every bank account is checked, expected money is written down two months ahead, late payers are reminded.
-- writes: yes
-- row: checked int
-- rows: one
SELECT payments.income_daily() AS checked
