-- query: person_find
-- about: People of this council by name or reference, for officers who allocate or audit.
-- params: q text
-- row: ref text, name text, postcode text null, budgets int
-- rows: many
SELECT p.ref, p.name, p.postcode, (SELECT count(*)::int FROM payments.budget b WHERE b.council_id = p.council_id AND b.person_id = p.id AND b.state <> 'ended') AS budgets
  FROM identity.person p
 WHERE p.council_id = mc.council() AND mc.role() IN ('commissioner', 'finance', 'auditor', 'safeguarding') AND $1::text <> ''
   AND (p.ref = upper($1::text) OR strpos(lower(p.name), lower($1::text)) > 0)
 ORDER BY p.name, p.id LIMIT 20
