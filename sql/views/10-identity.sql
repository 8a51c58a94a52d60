-- Names of accounts without their addresses and hashes. Owned by mc_owner, who may read accounts; not a tenant's rows, so not security_invoker.
CREATE OR REPLACE VIEW identity.account_name AS SELECT id, name FROM identity.account;
GRANT SELECT ON identity.account_name TO mc_web, mc_jobs, mc_verify;
