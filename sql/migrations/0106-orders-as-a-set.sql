-- What is worked out for one order is kept until the orders of a transaction are written together.

-- Money that a purse can promise, worked out under its account's lock. The id is drawn beforehand from the hold's own sequence: what goes with the hold names it.
CREATE TYPE ledger.promise AS (hold_id bigint, account_id bigint, amount bigint, expires_on date, ref text, actor_id bigint, key uuid);

-- Frozen purses are refused before anything is written.
ALTER TYPE payments.purse ADD ATTRIBUTE frozen boolean;

-- An order as it is decided: the row and its line, who asks, what each purse promises, and the letters that tell of it.
CREATE TYPE payments.order_draft AS (o payments.orders, t payments.order_line, hat_id bigint, role text, promises ledger.promise[], holds payments.order_hold[], letters jsonb[]);

-- Replaced by those of sets.
DROP FUNCTION IF EXISTS ledger.hold_open(uuid, bigint, bigint, date, text), payments.order_hold_open(payments.orders, payments.purse[], bigint[], date),
  payments.order_write(jsonb, payments.order_line, bigint), payments.order_tell_asked(payments.orders, payments.order_line);
