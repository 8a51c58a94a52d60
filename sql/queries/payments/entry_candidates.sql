-- query: entry_candidates
-- about: The three nearest explanations of each open line of a statement; fits says that one press can settle it.
-- lane: slow
-- params: statement text
-- row: entry_ref text, kind text, reference text, payee text, amount money, fits bool, why text
-- rows: many
SELECT entry_ref, kind, reference, payee, amount, fits, why FROM payments.entry_candidates($1::text)
