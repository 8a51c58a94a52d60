-- query: invoices_try_again
-- about: Judges the questioned invoices of the council again about which something has happened since, such as visits that were recorded.
-- lane: slow
-- writes: yes
-- row: approved int
-- rows: one
SELECT payments.invoices_try_again() AS approved
