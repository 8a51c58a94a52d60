-- Names of the accounts that have, or had, a hat in this council, without their addresses and hashes. Owned by mc_owner, who may read accounts;
-- row-level security on the hats keeps it to the council of the transaction.
CREATE OR REPLACE VIEW identity.account_name AS
SELECT a.id, a.name FROM identity.account a
 WHERE EXISTS (SELECT FROM identity.hat h WHERE h.council_id = mc.council() AND h.account_id = a.id);
REVOKE ALL ON identity.account_name FROM mc_jobs, mc_verify;
GRANT SELECT ON identity.account_name TO mc_web;
