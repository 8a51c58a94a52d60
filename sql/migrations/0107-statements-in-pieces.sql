-- The lines of a statement on their way in: jobs brings them in pieces, each in a transaction of its own, and the import takes them as a set and removes them.
-- Nothing here is anything yet. An attempt is one reading of a file: it sees its own pieces only, whatever an earlier one left behind.
-- replaces: 3e00b3bd7f02720ca3f3b288a6339079146b3227923db0b018aced46eac875f1
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
DROP FUNCTION IF EXISTS payments.statement_entries_add(payments.statement, jsonb), payments.statement_store(jsonb, jsonb), payments.statement_file_import(int, text, jsonb);
-- It gave the bytes of the file with all else of it; they are read in pieces too.
DROP FUNCTION IF EXISTS jobs.file_take(int, text);

-- What a file asks for is its bytes now and not its lines as one value. Files that were imported before say so too: one whose message comes again is known.
-- Spelled out where mc.idem_hash and jobs.file_key say the same: functions are made after the migrations, and a database of an older release has neither.
DO $$
DECLARE
  v_council int;
BEGIN
  FOR v_council IN SELECT id FROM identity.council LOOP
    PERFORM set_config('mc.council', v_council::text, true);
    UPDATE mc.idempotency i SET request_sha256 = sha256(convert_to('statement_import - ' || jsonb_build_object('file', f.ref, 'sha256', encode(f.sha256, 'hex'))::text, 'UTF8'))
      FROM jobs.file f
     WHERE f.council_id = v_council AND f.kind = 'statement' AND i.council_id = f.council_id AND i.account_id = 0 AND i.verb = 'statement_import'
       AND i.key = md5('file ' || f.council_id || ' ' || f.ref)::uuid;
  END LOOP;
  PERFORM set_config('mc.council', '', true);
END $$;
