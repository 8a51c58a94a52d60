-- query: order_expire_due
-- about: Orders that no provider answered in time: the money goes back.
-- writes: yes
-- row: orders int
-- rows: one
SELECT payments.order_expire_due() AS orders
