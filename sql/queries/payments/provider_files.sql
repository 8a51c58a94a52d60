-- query: provider_files
-- about: The invoice files that this provider sent last, newest first, and what became of each.
-- row: ref text, name text, state text, sent_when text, outcome text null, invoice text null
-- rows: many
SELECT f.ref, f.name, f.state, payments.said_at(f.created_at) AS sent_when, f.report ->> 'outcome' AS outcome, f.report ->> 'invoice' AS invoice
  FROM jobs.file f
 WHERE f.council_id = mc.council() AND f.organisation_id = mc.organisation() AND mc.role() = 'provider' AND f.kind = 'invoice'
 ORDER BY f.id DESC LIMIT 10
