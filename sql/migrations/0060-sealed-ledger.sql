-- The sealed chain covers the ledger too: each block holds the digests of the journals, with their entries, that were committed since the block before.
-- So a journal that is changed, removed or put in later is found even where two wrongs add up to nothing.

CREATE TABLE audit.sealed_journal (
  council_id   int NOT NULL,
  journal_id   bigint NOT NULL,
  block        bigint NOT NULL,
  sha256       bytea NOT NULL,
  PRIMARY KEY (council_id, journal_id)
);
CREATE INDEX sealed_journal_block ON audit.sealed_journal (council_id, block, journal_id);

ALTER TABLE audit.seal DROP CONSTRAINT seal_events_check;
ALTER TABLE audit.seal ADD COLUMN journals int NOT NULL DEFAULT 0 CHECK (journals >= 0);
ALTER TABLE audit.seal ADD CHECK (events >= 0 AND events + journals > 0);

CALL mc.tenant_table('audit.sealed_journal');
CALL mc.append_only('audit.sealed_journal');
