-- The lines of a statement on their way in: jobs brings them in pieces, each in a transaction of its own, and the import takes them as a set and removes them.
-- Nothing here is anything yet. An attempt is one reading of a file: it sees its own pieces only, whatever an earlier one left behind.
CREATE TABLE payments.statement_piece (
  council_id  int NOT NULL,
  import      uuid NOT NULL,              -- the key under which it is imported
  attempt     uuid NOT NULL,
  statement   int NOT NULL,               -- of the file, in its order, from 1
  piece       int NOT NULL,               -- of the file, in its order, from 1
  entries     jsonb NOT NULL,             -- those of this statement that came in this piece
  head        jsonb,                      -- all else of the statement; it comes behind its entries
  PRIMARY KEY (council_id, import, attempt, statement, piece)
);
CALL mc.tenant_table('payments.statement_piece');
-- Reached through functions only.
REVOKE ALL ON payments.statement_piece FROM mc_web, mc_jobs;

-- They took all lines of a statement as one value.
DROP FUNCTION IF EXISTS payments.statement_entries_add(payments.statement, jsonb), payments.statement_store(jsonb, jsonb);
-- It gave the bytes of the file with all else of it; they are read in pieces too.
DROP FUNCTION IF EXISTS jobs.file_take(int, text);
