-- Orders with one busy provider wait for each other no more than orders with many.

-- The foreign key took a share lock on the provider's row for every order and every change of one: a crowd of holders of one row, written anew by each that
-- joins. The provider is validated by payments.order_price, which finds it by its listing, and by payments.verify_states; it cannot vanish:
ALTER TABLE payments.orders DROP CONSTRAINT orders_organisation_id_fkey;
CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON identity.organisation FOR EACH STATEMENT EXECUTE FUNCTION mc.refuse_change();

-- An order locks every budget account of its person.
CREATE INDEX account_person ON ledger.account (council_id, person_id) WHERE no_overdraw;

-- These take or return something else from now on.
DROP FUNCTION IF EXISTS payments.purses_lock(bigint), payments.order_funding(jsonb, payments.purse[], payments.order_line),
  payments.order_hold_open(payments.orders, payments.purse[], jsonb, date), payments.split(date[], bigint, date[], date[], bigint[]), mc.outbox(text, jsonb);
