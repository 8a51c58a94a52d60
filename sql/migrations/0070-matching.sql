-- The matcher reconciles: what it needs to know of an entry is kept, and what it may only propose is stored for a person to decide.

-- The entry as the reader read it, lines and batch reference included: the columns beside it are made for people and for the identity of an entry.
ALTER TABLE payments.bank_entry ADD COLUMN said jsonb NOT NULL DEFAULT '{}';

-- The best explanations of an open entry, made anew at every round of matching. The reference follows from the content, so that a page that was
-- opened before a round still names the same explanation, or none.
CREATE TABLE payments.bank_proposal (
  council_id  int NOT NULL,
  entry_id    bigint NOT NULL,
  ref         text NOT NULL,
  place       int NOT NULL CHECK (place BETWEEN 1 AND 3),
  allocations jsonb NOT NULL,          -- [{item, amount}], what one press would apply
  rule        text,                    -- NULL: only worth showing
  why         text NOT NULL,
  evidence    jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (council_id, entry_id, ref),
  UNIQUE (council_id, entry_id, place),
  FOREIGN KEY (council_id, entry_id) REFERENCES payments.bank_entry (council_id, id)
);
CALL mc.tenant_table('payments.bank_proposal');

-- The rules that the matcher of payments/bank replaces; functions are re-created, never removed, by the functions' own files.
DROP FUNCTION IF EXISTS payments.allocation_target(text, bigint), payments.reconcile_open(), payments.rule_runs(), payments.rule_references(text), payments.open_bank_parts(), payments.entry_candidates(text);
