-- query: provider_file
-- about: One file that this provider sent: whether it is read yet, and what became of it.
-- params: ref text
-- row: ref text, name text, state text, sent_when text, error text null, outcome text null, invoice text null, number text null, sentence text null, ruleset text null, xsd text null, answer json hidden
-- rows: maybe
SELECT f.ref, f.name, f.state, payments.said_at(f.created_at) AS sent_when, f.report ->> 'error' AS error, f.report ->> 'outcome' AS outcome,
       f.report ->> 'invoice' AS invoice, f.report ->> 'number' AS number, f.report ->> 'sentence' AS sentence, f.report ->> 'ruleset' AS ruleset,
       f.report ->> 'xsd' AS xsd,
       jsonb_build_object('ref', f.ref, 'name', f.name, 'state', f.state, 'sent_at', f.created_at, 'report', f.report) AS answer
  FROM jobs.file f
 WHERE f.council_id = mc.council() AND f.organisation_id = mc.organisation() AND mc.role() = 'provider' AND f.kind = 'invoice' AND f.ref = $1::text
