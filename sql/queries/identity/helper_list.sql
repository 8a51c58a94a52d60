-- query: helper_list
-- about: Who may act for the person, newest first, ended ones last.
-- row: ref text, helper text, rights text, may text, ceiling_order money null, ceiling_month money null, basis text, starts_on date, ends_on date null, is_ended bool
-- rows: many
SELECT m.ref, coalesce(a.name, o.name) AS helper, array_to_string(m.rights, ', ') AS rights, identity.rights_words(m.rights) AS may, m.ceiling_order, m.ceiling_month, m.basis, m.starts_on,
       least(m.ends_on, (m.revoked_at AT TIME ZONE 'Europe/London')::date) AS ends_on, m.revoked_at IS NOT NULL OR coalesce(m.ends_on < mc.today(), false) AS is_ended
  FROM identity.mandate m
  LEFT JOIN identity.account_name a ON a.id = m.account_id
  LEFT JOIN identity.organisation o ON o.id = m.organisation_id
 WHERE m.council_id = mc.council() AND m.person_id = mc.person()
 ORDER BY is_ended, m.starts_on DESC, m.id DESC
