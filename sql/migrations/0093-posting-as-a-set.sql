-- A statement of 100,000 lines is matched and posted as the set that it is; one line at a time it took an hour for each 50,000, and looked at all others for each.

-- Lines that are alike but for the bank's reference, which one file may give and another not.
CREATE INDEX bank_entry_like ON payments.bank_entry (council_id, bank_account_id, booked_on, amount);

-- The open lines of a council in the order in which people and rounds of matching page through them.
DROP INDEX payments.bank_entry_open;
CREATE INDEX bank_entry_open ON payments.bank_entry (council_id, booked_on, id) WHERE allocated <> amount;

-- A journal of two lines: what ledger.post_pairs is given.
CREATE TYPE ledger.pair AS (key uuid, kind text, ref text, debit bigint, credit bigint, amount bigint, effective_on date);
-- An allocation that can be posted: its bank line, what it settles, and the two accounts of its journal.
CREATE TYPE payments.bank_posting AS (entry_id bigint, entry_ref text, value_on date, return_reason text, item text, kind text, run_id bigint, payment_id bigint, income_id bigint,
                                      amount bigint, rule text, evidence jsonb, bank bigint, other bigint);

-- What the sets replace; functions are re-created, never removed, by the functions' own files.
DROP FUNCTION IF EXISTS payments.allocation_target(text, bigint), payments.allocation_post(payments.bank_entry, jsonb), payments.payments_settle(bigint, bigint, date),
  payments.income_account(payments.income_series), payments.income_account_of(bigint), payments.income_take(bigint, bigint, date),
  payments.expected_items(bigint), payments.open_entries(bigint), payments.matching_work();

-- Compared as rows: turning both into JSON took longer than the update.
CREATE OR REPLACE FUNCTION payments.bank_entry_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  OLD.allocated := NEW.allocated;
  OLD.side := NEW.side; -- generated after this trigger
  IF NEW IS DISTINCT FROM OLD THEN
    RAISE EXCEPTION 'Bank entry % is as the bank sent it.', OLD.ref USING ERRCODE = 'MC409';
  END IF;
  RETURN NEW;
END $$;
