-- What somebody typed into a form, so that it can be shown again at an address of its own: free text stands neither in addresses nor in hidden fields.
CREATE TABLE mc.kept_answers (
  council_id  int NOT NULL,
  account_id  bigint NOT NULL,         -- who typed it, and nobody else reads it
  key         uuid NOT NULL,           -- of the form
  person_id   bigint,                  -- whose pages it was typed on
  page        text NOT NULL,           -- the path of the form, without whom it is for
  form        text NOT NULL,
  answers     jsonb NOT NULL,          -- {"field": "as typed"}
  messages    jsonb NOT NULL,          -- {"field": "what is wrong with it"}, "" for the form as a whole
  kept_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  kept_until  timestamptz NOT NULL,
  PRIMARY KEY (council_id, account_id, key)
);
CREATE INDEX kept_answers_latest ON mc.kept_answers (council_id, account_id, kept_at);
CREATE INDEX kept_answers_until ON mc.kept_answers (council_id, kept_until);
CALL mc.tenant_table('mc.kept_answers');
REVOKE ALL ON mc.kept_answers FROM mc_web, mc_jobs, mc_verify;
