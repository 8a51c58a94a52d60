-- query: order_expire_due
-- about: Gives back the money of requests that nobody answered in time and of holds that nobody invoiced in time. One council a transaction.
-- lane: slow
-- writes: yes
-- row: expired int
-- rows: one
SELECT payments.order_expire_due() AS expired
