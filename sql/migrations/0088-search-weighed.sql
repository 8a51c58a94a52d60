-- The candidates of a search come weighed (sql/functions/32-search.sql), not whole.
DROP FUNCTION IF EXISTS catalogue.search_docs(tsquery, boolean, int, int, int, int, bigint, int);
