-- What was typed is read back in the role that it was typed in: somebody who works for two organisations, or for a provider and a council, mixes nothing up.
ALTER TABLE mc.kept_answers ADD COLUMN hat_id bigint;

-- Whether somebody works for an organisation is asked by the catalogue too: identity.works_for.
DROP FUNCTION IF EXISTS payments.works_for(bigint);
