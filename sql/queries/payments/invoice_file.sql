-- query: invoice_file
-- about: The electronic invoice itself, as it was sent or written here: for its provider, and for those at the council who may see invoices.
-- params: ref text
-- row: number text, name text, bytes bytes
-- rows: maybe
SELECT i.number, f.name, f.bytes
  FROM payments.invoice i JOIN jobs.file f ON f.council_id = i.council_id AND f.ref = i.file_ref
 WHERE i.council_id = mc.council() AND i.ref = $1::text
   AND (i.organisation_id = mc.organisation() AND mc.role() = 'provider' OR mc.role() IN ('finance', 'auditor', 'commissioner'))
