-- A statement's lines and their explanations are read a page at a time (sql/functions/48-rounds.sql).
DROP FUNCTION IF EXISTS payments.entry_explanations(text);
