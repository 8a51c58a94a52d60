-- What was typed is read back in the role that it was typed in: somebody who works for two organisations, or for a provider and a council, mixes nothing up.
ALTER TABLE mc.kept_answers ADD COLUMN hat_id bigint;

-- How much of a provider waits to be read is counted as each of its files comes.
CREATE INDEX file_unread ON jobs.file (council_id, organisation_id) WHERE state IN ('waiting', 'reading');

-- A tolerance that is wider than what holds without it holds once a second officer has agreed; whoever asked for it may take it back. One that is narrower holds at once.
ALTER TABLE payments.tolerance ADD COLUMN is_wider boolean NOT NULL DEFAULT false, ADD UNIQUE (council_id, id, set_by);

CREATE TABLE payments.tolerance_decision (
  council_id   int NOT NULL,
  tolerance_id bigint NOT NULL,
  verb         text NOT NULL CHECK (verb IN ('agree', 'refuse')),
  set_by       bigint NOT NULL,
  decided_by   bigint NOT NULL REFERENCES identity.account,
  decided_at   timestamptz NOT NULL DEFAULT mc.now(),
  PRIMARY KEY (council_id, tolerance_id),
  FOREIGN KEY (council_id, tolerance_id, set_by) REFERENCES payments.tolerance (council_id, id, set_by),
  CONSTRAINT tolerance_second_person CHECK (verb = 'refuse' OR decided_by <> set_by)
);
CALL mc.tenant_table('payments.tolerance_decision');
CALL mc.append_only('payments.tolerance_decision');

-- Whether somebody works for an organisation is asked by the catalogue too: identity.works_for.
DROP FUNCTION IF EXISTS payments.works_for(bigint);
