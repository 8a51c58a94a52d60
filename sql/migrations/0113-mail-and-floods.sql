-- An e-mail that the relay does not take is tried again after a growing pause and holds up no other. What was not taken twelve times, in more than a day, is
-- parked for a person.
ALTER TABLE jobs.mail ADD COLUMN tries int NOT NULL DEFAULT 0, ADD COLUMN not_before timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN parked_at timestamptz, ADD COLUMN error text;
CREATE INDEX mail_waiting ON jobs.mail (not_before, id) WHERE sent_at IS NULL AND parked_at IS NULL;

-- What anybody can send without signing in is counted by address: these know from where.
DROP FUNCTION IF EXISTS identity.feedback_give(uuid, jsonb);
DROP FUNCTION IF EXISTS catalogue.search_missed(text, text);

-- What was billed of an order's line is looked up for each line of an invoice: past the lines that nobody has approved, however many somebody sends.
CREATE INDEX invoice_line_billed ON payments.invoice_line (council_id, order_line_id, net, period_from, period_to) WHERE state IN ('approved', 'disputed');

-- A payment run asks which of all visits are questioned.
CREATE INDEX visit_queried ON payments.visit (council_id, id) WHERE state = 'queried';
