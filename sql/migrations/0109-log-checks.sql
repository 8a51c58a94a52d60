-- What each night's look at the whole log found: a log that shows tampering is worth what somebody looks at it.
CREATE TABLE audit.log_check (
  council_id   int NOT NULL,
  id           bigint GENERATED ALWAYS AS IDENTITY,
  checked_at   timestamptz NOT NULL DEFAULT mc.now(),
  block        bigint NOT NULL,        -- the head at the time
  events       bigint NOT NULL,        -- in all blocks up to it
  journals     bigint NOT NULL,
  findings     int NOT NULL CHECK (findings >= 0),
  first_found  jsonb NOT NULL DEFAULT '[]', -- at most 100, each {check_name, object, detail}
  PRIMARY KEY (council_id, id)
);
CALL mc.tenant_table('audit.log_check');
CALL mc.append_only('audit.log_check');
