-- Letters are written as the set that waits; what the rounds of jobs look for is found without reading what was done long ago.
CREATE INDEX outbox_parked ON jobs.outbox (id) WHERE parked_at IS NOT NULL;
CREATE INDEX mail_unsent ON jobs.mail (id) WHERE sent_at IS NULL;
DROP FUNCTION IF EXISTS jobs.mail_write(bigint, jsonb), jobs.claim(int);
