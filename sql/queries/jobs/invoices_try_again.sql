-- query: invoices_try_again
-- about: Judges every questioned invoice of the council again: the provider may have recorded the visits since.
-- lane: slow
-- writes: yes
-- row: approved int
-- rows: one
SELECT payments.invoices_try_again() AS approved
