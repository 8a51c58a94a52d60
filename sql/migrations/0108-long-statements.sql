-- Long statements: what each of their lines writes, and what the matcher's answer is carried in.

-- An index that nothing reads costs a line as much as one that something does.
-- Lines that are alike but for the bank's reference are found by the identity itself once the reference stands behind day and amount.
ALTER TABLE payments.bank_entry DROP CONSTRAINT bank_entry_council_id_bank_account_id_bank_ref_booked_on_am_key;
ALTER TABLE payments.bank_entry ADD CONSTRAINT bank_entry_once UNIQUE (council_id, bank_account_id, booked_on, amount, bank_ref, ordinal);
DROP INDEX payments.bank_entry_like;

-- Payments are found by their references. Without it a payment changes its state without a new row in each index, where its page has room.
DROP INDEX payments.payment_amount;
ALTER TABLE payments.payment SET (fillfactor = 70);

-- What nobody's person is named in is not looked for by person.
DROP INDEX audit.event_person;
CREATE INDEX event_person ON audit.event (council_id, person_id, id) WHERE person_id IS NOT NULL;

-- What a rule or a person says of a bank line: how much of it belongs where. An item is KIND:NAME.
CREATE TYPE payments.bank_placing AS (entry_id bigint, item text, kind text, name text, amount bigint, rule text, evidence jsonb);
-- Lines are known by their id on the way to the matcher and back.
ALTER TYPE payments.matching_line DROP ATTRIBUTE entry, ADD ATTRIBUTE entry_id bigint;

-- What has become one with others, or takes ids now.
DROP FUNCTION IF EXISTS payments.allocation_postings(jsonb), payments.allocations_part(jsonb), payments.allocations_post(jsonb),
  payments.matching_lines(jsonb, text), payments.matching_take(jsonb, text);
