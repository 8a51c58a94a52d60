-- query: verify_sizes
-- about: How much was looked at.
-- lane: slow
-- row: events bigint, blocks bigint, journals bigint, entries bigint
-- rows: one
SELECT (SELECT count(*) FROM audit.event) AS events, (SELECT count(*) FROM audit.seal) AS blocks,
       (SELECT count(*) FROM ledger.journal) AS journals, (SELECT count(*) FROM ledger.entry) AS entries
