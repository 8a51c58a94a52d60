-- query: matching_work
-- about: For each bank account of the council with open lines, what the matcher needs: expected items and entries in the form of `reconcile match`, and the
--   references of the entries in their order.
-- row: items text, statements text, entries json
-- rows: many
SELECT items, statements, entries FROM payments.matching_work()
