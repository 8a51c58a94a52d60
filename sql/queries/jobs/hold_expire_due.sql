-- query: hold_expire_due
-- about: Holds whose day has come: the money goes back.
-- writes: yes
-- row: holds int
-- rows: one
SELECT ledger.hold_expire_due() AS holds
