-- query: entry_explanations
-- about: The three best explanations of each open line on a page of a statement (statement_entries), as the matcher stored them; fits says that one press can settle it.
-- params: statement text, page int
-- row: entry_ref text, explanation text, kind text, reference text, payee text, amount money, fits bool, why text
-- rows: many
SELECT entry_ref, explanation, kind, reference, payee, amount, fits, why FROM payments.entry_explanations($1::text, $2::int)
