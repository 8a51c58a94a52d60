-- Whether somebody works for an organisation is asked by the catalogue too: identity.works_for.
DROP FUNCTION IF EXISTS payments.works_for(bigint);
