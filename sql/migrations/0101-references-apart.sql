-- References were drawn by chance out of 31^7: two alike among some hundred thousand of one kind in one council, and what drew the second failed. Now each is
-- the next number, in a disguise that only this key undoes (mc.ref_of): never two alike, and nobody tells the next one from the last.
-- A council that moves to another server takes the key with it; there the number goes on from the larger of the two.
CREATE SEQUENCE mc.ref_number MINVALUE 0 MAXVALUE 27512614110;
CREATE TABLE mc.ref_key (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  key      bytea NOT NULL CHECK (length(key) = 32)
);
INSERT INTO mc.ref_key (key) VALUES (sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
