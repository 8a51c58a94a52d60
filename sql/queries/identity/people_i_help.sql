-- query: people_i_help
-- about: The people whom the asking account or its organisation may act for today.
-- params: page int
-- row: person_ref text, person_name text, rights text, may text, ceiling_order money null, ceiling_month money null, basis text, ends_on date null, away text null
-- rows: many
-- page: 50
SELECT p.ref AS person_ref, p.name AS person_name, array_to_string(m.rights, ', ') AS rights, identity.rights_words(m.rights) AS may, m.ceiling_order, m.ceiling_month, m.basis, m.ends_on,
       payments.away_of(p.id) AS away
  FROM identity.mandate m JOIN identity.person p ON p.council_id = m.council_id AND p.id = m.person_id
 WHERE m.council_id = mc.council()
   AND (m.account_id = mc.account() OR (mc.role() = 'broker' AND m.organisation_id = mc.organisation()))
   AND m.revoked_at IS NULL AND m.starts_on <= ledger.today() AND coalesce(m.ends_on, 'infinity') >= ledger.today() AND 'see' = ANY (m.rights)
 ORDER BY p.name, m.id LIMIT mc.list_most(51) OFFSET mc.list_most(50) * (greatest($1::int, 1) - 1)
