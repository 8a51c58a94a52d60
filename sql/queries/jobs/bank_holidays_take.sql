-- query: bank_holidays_take
-- about: Adds bank holidays to those that are known: [{"date", "name"}].
-- writes: yes
-- params: days json
-- row: added int, changed int, known_until date null
-- rows: one
SELECT added, changed, known_until FROM payments.bank_holidays_take($1::jsonb)
