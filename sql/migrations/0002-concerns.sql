-- "I am worried": goes to the council's safeguarding team, never to the provider. The text stays out of the audit log.
CREATE TABLE identity.concern (
  council_id  int NOT NULL REFERENCES identity.council,
  id          bigint GENERATED ALWAYS AS IDENTITY,
  ref         text NOT NULL,
  account_id  bigint NOT NULL REFERENCES identity.account,
  about       text,
  concern     text NOT NULL CHECK (length(concern) BETWEEN 1 AND 4000),
  raised_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (council_id, id),
  UNIQUE (council_id, ref)
);
CALL mc.tenant_table('identity.concern');
CALL mc.append_only('identity.concern');
